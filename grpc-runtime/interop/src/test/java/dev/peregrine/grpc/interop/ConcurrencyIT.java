// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.client.TestCases;
import dev.peregrine.grpc.interop.client.TestStubs;
import dev.peregrine.grpc.interop.server.InteropServer;
import dev.peregrine.grpc.server.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.Messages;
import io.grpc.testing.integration.TestServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The case concurrent_large_unary: a thousand calls at once. Here once for each direction, and not with the other cases for
 * every pair of faces, and only in the profile foreign: on a busy machine it takes minutes.
 */
@Timeout(600)
class ConcurrencyIT {

    static final String CASE = "concurrent_large_unary";

    @Test
    void ourClientMakesAThousandCallsAtOnceToOurServer() throws Exception {
        try (Server server = InteropServer.start(0, Face.BLOCKING)) {
            makeCalls(server.port());
        }
    }

    @Test
    void ourClientMakesAThousandCallsAtOnceToGrpcJavasServer() throws Exception {
        try (GrpcJavaServer server = new GrpcJavaServer()) {
            makeCalls(server.port());
        }
    }

    @Test
    void grpcJavasClientMakesAThousandCallsAtOnceToOurServer() throws Exception {
        try (Server server = InteropServer.start(0, Face.BLOCKING)) {
            io.grpc.ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                    .usePlaintext()
                    .build();
            try {
                Messages.SimpleRequest request = Messages.SimpleRequest.newBuilder()
                        .setResponseSize(314_159)
                        .setPayload(Messages.Payload.newBuilder().setBody(ByteString.copyFrom(new byte[271_828])))
                        .build();
                TestServiceGrpc.TestServiceFutureStub stub =
                        TestServiceGrpc.newFutureStub(channel).withDeadlineAfter(300, TimeUnit.SECONDS);
                List<ListenableFuture<Integer>> sizes = new ArrayList<>();
                for (int call = 0; call < 1000; call++) {
                    sizes.add(Futures.transform(
                            stub.unaryCall(request),
                            response -> response.getPayload().getBody().size(),
                            Runnable::run));
                }
                for (ListenableFuture<Integer> size : sizes) {
                    assertThat(size.get(300, TimeUnit.SECONDS)).isEqualTo(314_159);
                }
            } finally {
                channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            }
        }
    }

    private static void makeCalls(int port) {
        try (ManagedChannel channel =
                ManagedChannel.builder("127.0.0.1:" + port).build()) {
            TestCases.named(CASE).run(TestStubs.of(channel, Face.ASYNC, Metadata.EMPTY));
        }
    }
}
