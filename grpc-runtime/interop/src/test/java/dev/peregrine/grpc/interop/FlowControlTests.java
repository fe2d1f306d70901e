// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
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
import dev.peregrine.grpc.transport.Limits;
import java.util.Collections;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who does not read holds back who writes. */
@Timeout(60)
class FlowControlTests {

    private static final int RESPONSE_SIZE = 10_000;
    private static final int RESPONSES = 500;

    /** The window of a stream, and as much again waiting for it in the server, and a few messages in hands. */
    private static final int WINDOW = 65_536;

    private static final int MOST_AHEAD = 2 * WINDOW / RESPONSE_SIZE + 10;

    private final SeenCalls seen = new SeenCalls();

    @ParameterizedTest(name = "{0} server")
    @EnumSource(Face.class)
    void aServerIsHeldBackWhileNothingIsRead(Face face) throws Exception {
        StreamingOutputCallRequest request = StreamingOutputCallRequest.newBuilder()
                .addAllResponseParameters(Collections.nCopies(
                        RESPONSES,
                        ResponseParameters.newBuilder().setSize(RESPONSE_SIZE).build()))
                .build();

        try (Server server = InteropServer.start(0, face, seen);
                ManagedChannel channel = channelTo(server)) {
            TestService.Client client =
                    TestStubs.of(channel, Face.BLOCKING, Metadata.EMPTY).service();
            try (ServerStreamingCall<StreamingOutputCallResponse> call = client.streamingOutputCall(request)) {
                assertThat(call.read()).isNotNull();
                // Time enough for a server that does not care; each of these calls sends one response itself.
                int others = 200;
                for (int i = 0; i < others; i++) {
                    client.emptyCall(Empty.getDefaultInstance());
                }
                assertThat(seen.responses() - others).isLessThan(MOST_AHEAD);

                for (int read = 2; read <= RESPONSES; read++) {
                    assertThat(call.read()).isNotNull();
                    assertThat(seen.responses() - others).isLessThan(read + MOST_AHEAD);
                }
                assertThat(call.read()).isNull();
            }
        }
    }

    private static ManagedChannel channelTo(Server server) {
        return ManagedChannel.builder("127.0.0.1:" + server.port())
                .limits(Limits.DEFAULT.withWindows(WINDOW, 4 * WINDOW))
                .build();
    }
}
