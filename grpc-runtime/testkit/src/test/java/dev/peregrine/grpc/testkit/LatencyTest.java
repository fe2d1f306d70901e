// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is different for octets that are under way for a while, and what is not. */
class LatencyTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void nothingIsLostOrReordered() throws IOException {
        try (Ends ends = Ends.with(SHORT)) {
            ends.client.sendPreface().send(new Frame.Settings());
            Frame[] large = IntStream.range(0, 20)
                    .mapToObj(n -> new Frame.Raw(0xf0, n, 0, Octets.zeros(16_000)))
                    .toArray(Frame[]::new);
            ends.client.send(large);
            for (int n = 0; n < 200; n++) {
                ends.client.send(new Frame.Raw(0xf1, n, 0, Octets.EMPTY));
            }
            ends.client.halfClose();

            assertThat(ends.server.expectClosed())
                    .startsWith(large)
                    .hasSize(220)
                    .extracting(frame -> ((Frame.Raw) frame).flags())
                    .endsWith(IntStream.range(0, 200).boxed().toArray(Integer[]::new));
        }
    }

    @Test
    void whatIsSentBeforeClosingArrives() throws IOException {
        try (Ends ends = Ends.with(SHORT)) {
            ends.client.sendPreface().send(new Frame.Settings(), GrpcFrames.request(1, "/a"));
            ends.client.send(new Frame.RstStream(1, ErrorCode.CANCEL));
            ends.client.close();

            assertThat(ends.server.expectClosed()).hasSize(2).endsWith(new Frame.RstStream(1, ErrorCode.CANCEL));
        }
    }

    @Test
    void sendingDoesNotWaitForTheArrival() throws IOException {
        try (Ends ends = Ends.with(Duration.ofDays(1))) {
            ends.client.sendPreface().send(new Frame.Settings());

            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> ends.server.withPatience(SHORT).expect(Frame.Settings.class))
                    .withMessageStartingWith("expected SETTINGS, but nothing came within PT0.02S");
        }
    }

    @Test
    void thePropertyIsInMilliseconds() {
        assertThat(Latency.parse("0ms")).isZero();
        assertThat(Latency.parse("20ms")).isEqualTo(Duration.ofMillis(20));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Latency.parse("5"))
                .withMessage("-Dtestkit.latency=5 is not a latency:"
                        + " give the longest one in milliseconds, 0ms to 999999ms");
    }

    /** Two peers with this latency, and the sockets of theirs. */
    private record Ends(Socket near, Socket far, ScriptedPeer client, ScriptedPeer server) implements AutoCloseable {

        static Ends with(Duration longest) throws IOException {
            try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Socket near = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket far = listener.accept();
                return new Ends(
                        near,
                        far,
                        new ScriptedPeer(near, Role.CLIENT, new Latency(longest, 1)),
                        new ScriptedPeer(far, Role.SERVER, new Latency(longest, 2)));
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
            near.close();
            far.close();
        }
    }
}
