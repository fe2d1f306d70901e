// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.attack;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * CVE-2025-8671 and CVE-2025-55163, MadeYouReset: the same with our resets, which every stream error is. Bound: as
 * for the client's own.
 */
@Timeout(60)
class MadeYouResetTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private static final int ALLOWED = 20;

    /** What makes us reset a stream whose request is complete, and whose handler is at work. */
    static Stream<Arguments> provocations() {
        return Stream.of(
                arguments("an empty window update", new Frame.WindowUpdate(1, 0)),
                arguments("a window too large", new Frame.WindowUpdate(1, Integer.MAX_VALUE)),
                arguments("data behind the end", text(1, "more")),
                arguments("headers behind the end", new Frame.Headers(1, Header.list("x-late", "1"), true)),
                arguments("a priority of the wrong length", raw(FrameType.PRIORITY, 0, 1, "00 00 00 00")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("provocations")
    void aFloodOfRequestsThatMakeUsResetCostsTheConnection(String name, Frame provocation) {
        AtomicInteger started = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(1);
        ScriptedPeer peer = server.limits(limits -> limits.withMaxResetsPerWindow(ALLOWED))
                .unary(text -> {
                    started.incrementAndGet();
                    return waitFor(over);
                })
                .greet();

        for (int i = 0; i < ALLOWED; i++) {
            int streamId = 1 + 2 * i;
            peer.send(GrpcFrames.request(streamId, UNARY), lastText(streamId, "hi"), on(streamId, provocation));
            assertThat(peer.expectOn(streamId)).isInstanceOf(Frame.RstStream.class);
        }
        int last = 1 + 2 * ALLOWED;
        peer.send(GrpcFrames.request(last, UNARY), lastText(last, "hi"), on(last, provocation));
        peer.send(GrpcFrames.request(last + 2, UNARY), lastText(last + 2, "hi"));

        assertThat(peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM).lastStreamId())
                .isEqualTo(last);
        peer.expectClosed();
        over.countDown();
        server.server().close(); // Waits for the handlers.
        assertThat(started.get()).isLessThanOrEqualTo(ALLOWED + 1);
    }

    /** The same, by requests that cannot become calls. */
    @Test
    void aFloodOfMalformedRequestsCostsTheConnection() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxResetsPerWindow(ALLOWED)).greet();

        for (int i = 0; i <= ALLOWED; i++) {
            peer.send(GrpcFrames.request(1 + 2 * i, UNARY).plus("connection", "close"));
        }

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
        peer.expectClosed();
    }

    /** The same, by calls beyond the limit, which we refuse. */
    @Test
    void aFloodOfCallsBeyondTheLimitCostsTheConnection() {
        ScriptedPeer peer = server.limits(
                        limits -> limits.withMaxResetsPerWindow(ALLOWED).withMaxConcurrentCalls(1))
                .greet();
        peer.send(GrpcFrames.request(1, UNARY));

        for (int i = 1; i <= ALLOWED + 1; i++) {
            peer.send(GrpcFrames.request(1 + 2 * i, UNARY));
        }

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
        peer.expectClosed();
    }

    private static Frame on(int streamId, Frame frame) {
        if (frame instanceof Frame.WindowUpdate update) {
            return new Frame.WindowUpdate(streamId, update.increment());
        }
        if (frame instanceof Frame.Data data) {
            return new Frame.Data(streamId, data.payload(), data.endStream());
        }
        if (frame instanceof Frame.Headers headers) {
            return new Frame.Headers(streamId, headers.headers(), headers.endStream());
        }
        Frame.Raw other = (Frame.Raw) frame;
        return new Frame.Raw(other.type(), other.flags(), streamId, other.payload());
    }

    private static String waitFor(CountDownLatch event) {
        try {
            event.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException reset) {
            // What the attacker wants: the handler's work was for nothing.
        }
        return "too late";
    }
}
