// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.client.ObservedCall;
import dev.peregrine.grpc.interop.client.TestStubs;
import dev.peregrine.grpc.interop.proto.Empty;
import dev.peregrine.grpc.interop.proto.ResponseParameters;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.interop.proto.TestService;
import dev.peregrine.grpc.interop.server.EchoMetadata;
import dev.peregrine.grpc.interop.server.InteropServer;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Metadata that goes to the server and comes back both ways, with each face of the server. */
@ParameterizedClass(name = "{0} server")
@EnumSource(Face.class)
@Timeout(60)
class MetadataExchangeTests {

    private static final MetadataKey<String> TEXT = MetadataKey.ascii("x-text");
    private static final MetadataKey<byte[]> BYTES = MetadataKey.binary("x-bytes-bin");

    private static final Metadata SENT = Metadata.builder()
            .add(TEXT, "first")
            .add(BYTES, new byte[] {0, 1, 2, (byte) 0xff})
            .add(TEXT, "second, with a comma")
            .add(BYTES, new byte[0])
            .build();

    private final ObservedCall observed = new ObservedCall();
    private final Server server;
    private ManagedChannel channel;
    private TestService.Client client;

    MetadataExchangeTests(Face face) throws IOException {
        server = InteropServer.start(0, face, new EchoMetadata(List.of(TEXT, BYTES), List.of(TEXT, BYTES)));
    }

    @BeforeEach
    void connect() {
        channel = ManagedChannel.builder("127.0.0.1:" + server.port()).build();
        client = TestStubs.of(channel, Face.BLOCKING, SENT).service().withInterceptors(observed);
    }

    @AfterEach
    void close() {
        channel.close();
        server.close();
    }

    @Test
    void aUnaryCallBringsItBackInHeadersAndTrailers() {
        client.emptyCall(Empty.getDefaultInstance());

        assertEchoed(observed.headers());
        assertEchoed(observed.trailers());
    }

    @Test
    void aStreamingCallBringsItBackInHeadersAndTrailers() {
        try (BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
                client.fullDuplexCall()) {
            for (int request = 0; request < 10; request++) {
                call.write(StreamingOutputCallRequest.newBuilder()
                        .addResponseParameters(ResponseParameters.newBuilder().setSize(50))
                        .addResponseParameters(ResponseParameters.newBuilder().setSize(200))
                        .build());
            }
            call.halfClose();
            assertThat(call).hasSize(20);
        }

        assertEchoed(observed.headers());
        assertEchoed(observed.trailers());
    }

    private static void assertEchoed(Metadata metadata) {
        assertThat(metadata.getAll(TEXT)).containsExactlyElementsOf(SENT.getAll(TEXT));
        assertThat(metadata.getAll(BYTES)).containsExactlyElementsOf(SENT.getAll(BYTES));
    }
}
