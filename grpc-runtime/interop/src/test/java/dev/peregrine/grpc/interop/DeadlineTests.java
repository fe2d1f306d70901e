// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.client.TestStubs;
import dev.peregrine.grpc.interop.proto.Empty;
import dev.peregrine.grpc.interop.proto.ResponseParameters;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.interop.proto.TestService;
import dev.peregrine.grpc.interop.server.InteropServer;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What deadlines do, with each face of the server. */
@ParameterizedClass(name = "{0} server")
@EnumSource(Face.class)
@Timeout(60)
class DeadlineTests {

    private final Face face;
    private final SeenCalls seen = new SeenCalls();
    private Server server;
    private ManagedChannel channel;
    private TestService.Client client;

    DeadlineTests(Face face) {
        this.face = face;
    }

    @BeforeEach
    void connect() throws IOException {
        server = InteropServer.start(0, face, seen);
        channel = ManagedChannel.builder("127.0.0.1:" + server.port()).build();
        client = TestStubs.of(channel, Face.BLOCKING, Metadata.EMPTY).service();
    }

    @AfterEach
    void close() {
        channel.close();
        server.close();
    }

    @Test
    void aStreamThatIsTooSlowEndsAtItsDeadline() {
        client.emptyCall(Empty.getDefaultInstance());

        try (ServerStreamingCall<StreamingOutputCallResponse> call = client.withDeadlineAfter(Duration.ofMillis(50))
                .streamingOutputCall(responsesEvery(Duration.ofMinutes(1)))) {
            assertDeadlineExceeded(call::read);
        }
    }

    @Test
    void responsesBeforeTheDeadlineArrive() {
        StreamingOutputCallRequest request = StreamingOutputCallRequest.newBuilder()
                .addResponseParameters(ResponseParameters.newBuilder().setSize(1))
                .addResponseParameters(every(Duration.ofMinutes(1)))
                .build();
        client.emptyCall(Empty.getDefaultInstance());

        try (ServerStreamingCall<StreamingOutputCallResponse> call =
                client.withDeadlineAfter(Duration.ofSeconds(2)).streamingOutputCall(request)) {
            assertThat(call.read()).isNotNull();
            assertDeadlineExceeded(call::read);
        }
    }

    @Test
    void aServerHearsThatTheDeadlinePassed() throws Exception {
        client.emptyCall(Empty.getDefaultInstance());

        try (ServerStreamingCall<StreamingOutputCallResponse> call = client.withDeadlineAfter(Duration.ofSeconds(1))
                .streamingOutputCall(responsesEvery(Duration.ofMinutes(1)))) {
            assertDeadlineExceeded(call::read);
        }

        Status reason = seen.cancelled().poll(10, TimeUnit.SECONDS);
        assertThat(reason).isNotNull();
        // Whoever's clock strikes first tells the other: the server by its own deadline, or the client by a reset.
        assertThat(reason.code()).isIn(StatusCode.DEADLINE_EXCEEDED, StatusCode.CANCELLED);
    }

    @Test
    void aDeadlineInThePastFailsBeforeThereIsAConnection() {
        assertDeadlineExceeded(
                () -> client.withDeadlineAfter(Duration.ofSeconds(-10)).emptyCall(Empty.getDefaultInstance()));

        assertThat(seen.count()).isZero();
    }

    @Test
    void aDeadlineInThePastSendsNothingOverAConnection() {
        client.emptyCall(Empty.getDefaultInstance());

        assertDeadlineExceeded(
                () -> client.withDeadlineAfter(Duration.ofSeconds(-10)).emptyCall(Empty.getDefaultInstance()));

        client.emptyCall(Empty.getDefaultInstance());
        assertThat(seen.count()).isEqualTo(2);
    }

    @Test
    void aDeadlineTravelsToTheServer() {
        client.withDeadlineAfter(Duration.ofMinutes(100)).emptyCall(Empty.getDefaultInstance());

        assertThat(seen.lastDeadline()).isNotNull();
        assertThat(seen.lastDeadline().remaining()).isBetween(Duration.ofMinutes(98), Duration.ofMinutes(100));
    }

    private static StreamingOutputCallRequest responsesEvery(Duration interval) {
        return StreamingOutputCallRequest.newBuilder()
                .addResponseParameters(every(interval))
                .build();
    }

    private static ResponseParameters every(Duration interval) {
        return ResponseParameters.newBuilder()
                .setSize(1)
                .setIntervalUs((int) TimeUnit.NANOSECONDS.toMicros(interval.toNanos()))
                .build();
    }

    private static void assertDeadlineExceeded(Runnable call) {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(call::run)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED));
    }
}
