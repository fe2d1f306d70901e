// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.client.TestStubs;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import dev.peregrine.grpc.interop.proto.SimpleResponse;
import dev.peregrine.grpc.interop.server.InteropServer;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.transport.Limits;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages of ten megabytes, and the limit to the byte. */
@Timeout(60)
class MessageSizeTests {

    private static final int VERY_LARGE = 10 << 20;

    private static Server server;

    @BeforeAll
    static void start() throws IOException {
        server = InteropServer.start(0, Face.BLOCKING);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aVeryLargeRequestArrives() {
        SimpleRequest request = SimpleRequest.newBuilder()
                .setPayload(Payloads.zeros(VERY_LARGE))
                .setResponseSize(10)
                .build();

        assertThat(call(Limits.DEFAULT, request).getPayload().getBody().size()).isEqualTo(10);
    }

    @Test
    void aVeryLargeResponseArrives() {
        Limits roomy = Limits.DEFAULT.withMaxMessageSize(VERY_LARGE + 1000);

        SimpleResponse response = call(roomy, answeredWith(VERY_LARGE));

        assertThat(response.getPayload().getBody().size()).isEqualTo(VERY_LARGE);
    }

    @Test
    void aResponseOfExactlyTheLimitArrives() {
        int size = call(Limits.DEFAULT, answeredWith(1000)).getSerializedSize();

        SimpleResponse response = call(Limits.DEFAULT.withMaxMessageSize(size), answeredWith(1000));

        assertThat(response.getSerializedSize()).isEqualTo(size);
    }

    @Test
    void aResponseOneByteAboveTheLimitIsResourceExhausted() {
        int size = call(Limits.DEFAULT, answeredWith(1000)).getSerializedSize();

        assertResourceExhausted(Limits.DEFAULT.withMaxMessageSize(size - 1), answeredWith(1000));
    }

    @Test
    void aRequestAboveTheServersLimitIsResourceExhausted() {
        SimpleRequest request = SimpleRequest.newBuilder()
                .setPayload(Payloads.zeros(Payloads.MAX_MESSAGE_SIZE))
                .build();

        assertResourceExhausted(Limits.DEFAULT, request);
    }

    private static SimpleRequest answeredWith(int size) {
        return SimpleRequest.newBuilder().setResponseSize(size).build();
    }

    private static void assertResourceExhausted(Limits limits, SimpleRequest request) {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> call(limits, request))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
    }

    private static SimpleResponse call(Limits limits, SimpleRequest request) {
        try (ManagedChannel channel = ManagedChannel.builder("127.0.0.1:" + server.port())
                .limits(limits)
                .build()) {
            return TestStubs.of(channel, Face.BLOCKING, Metadata.EMPTY)
                    .service()
                    .unaryCall(request);
        }
    }
}
