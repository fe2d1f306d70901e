// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.client.TestStubs;
import dev.peregrine.grpc.interop.proto.ResponseParameters;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.interop.proto.TestService;
import dev.peregrine.grpc.interop.server.InteropServer;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody who was let in is thrown out. */
@Timeout(60)
class GracefulShutdownTests {

    @ParameterizedTest(name = "{0} server")
    @EnumSource(Face.class)
    void aCallUnderWayFinishesAfterItsChannelIsShutDown(Face face) throws Exception {
        try (Server server = InteropServer.start(0, face);
                ManagedChannel channel =
                        ManagedChannel.builder("127.0.0.1:" + server.port()).build()) {
            TestService.Client client =
                    TestStubs.of(channel, Face.BLOCKING, Metadata.EMPTY).service();
            try (BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
                    client.fullDuplexCall()) {
                ping(call);
                channel.shutdown();
                ping(call);
                call.halfClose();
                assertThat(call.read()).isNull();
            }
        }
    }

    @ParameterizedTest(name = "{0} server")
    @EnumSource(Face.class)
    void aCallUnderWayFinishesAfterItsServerIsShutDown(Face face) throws Exception {
        try (Server server = InteropServer.start(0, face);
                ManagedChannel channel =
                        ManagedChannel.builder("127.0.0.1:" + server.port()).build()) {
            TestService.Client client =
                    TestStubs.of(channel, Face.BLOCKING, Metadata.EMPTY).service();
            try (BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
                    client.fullDuplexCall()) {
                ping(call);
                server.shutdown(Duration.ofSeconds(30));
                ping(call);
                call.halfClose();
                assertThat(call.read()).isNull();
            }
            server.awaitTermination();
        }
    }

    private static void ping(BidiStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call) {
        call.write(StreamingOutputCallRequest.newBuilder()
                .addResponseParameters(ResponseParameters.newBuilder().setSize(3))
                .build());
        assertThat(call.read()).isNotNull();
    }
}
