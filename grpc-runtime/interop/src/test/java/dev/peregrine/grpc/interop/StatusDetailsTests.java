// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.client.TestStubs;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import dev.peregrine.grpc.interop.proto.SimpleResponse;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import dev.peregrine.grpc.interop.proto.TestService;
import dev.peregrine.grpc.protobuf.StatusDetails;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.stub.ResponseWriter;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.Messages;
import io.grpc.testing.integration.TestServiceGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Details of errors between us and grpc-java's {@code StatusProto}, both ways. */
@Timeout(60)
class StatusDetailsTests {

    private static final ErrorInfo INFO = ErrorInfo.newBuilder()
            .setReason("OUT_OF_STOCK")
            .setDomain("shop.example")
            .putMetadata("article", "cat food ☺")
            .build();
    private static final RetryInfo RETRY = RetryInfo.newBuilder()
            .setRetryDelay(com.google.protobuf.Duration.newBuilder().setSeconds(60))
            .build();

    private static final com.google.rpc.Status STATUS = com.google.rpc.Status.newBuilder()
            .setCode(StatusCode.UNAVAILABLE.value())
            .setMessage("out of stock")
            .addDetails(Any.pack(INFO))
            .addDetails(Any.pack(RETRY))
            .build();

    /** Our server, grpc-java's client. */
    @Nested
    class OfOurServer {

        private static final class Failing implements TestService.Service {

            /** Asked for a size, it fails with details of that size. */
            @Override
            public SimpleResponse unaryCall(SimpleRequest request) {
                if (request.getResponseSize() > 0) {
                    throw StatusDetails.exception(
                            StatusCode.UNAVAILABLE,
                            "out of stock",
                            INFO.toBuilder()
                                    .setReason("x".repeat(request.getResponseSize()))
                                    .build());
                }
                throw StatusDetails.exception(StatusCode.UNAVAILABLE, "out of stock", INFO, RETRY);
            }

            @Override
            public void streamingOutputCall(
                    StreamingOutputCallRequest request, ResponseWriter<StreamingOutputCallResponse> responses) {
                responses.write(StreamingOutputCallResponse.getDefaultInstance());
                throw StatusDetails.exception(STATUS);
            }
        }

        @Test
        void areReadByGrpcJavaAfterAUnaryCall() throws Exception {
            com.google.rpc.Status read = failure(stub -> stub.unaryCall(Messages.SimpleRequest.getDefaultInstance()));

            assertThat(read).isEqualTo(STATUS);
        }

        @Test
        void areReadByGrpcJavaAfterAResponse() throws Exception {
            com.google.rpc.Status read =
                    failure(stub -> stub.streamingOutputCall(Messages.StreamingOutputCallRequest.getDefaultInstance())
                            .forEachRemaining(response -> {}));

            assertThat(read).isEqualTo(STATUS);
        }

        @Test
        void largerThanGrpcJavaTakesLeaveTheStatusAlone() throws Exception {
            com.google.rpc.Status read = failure(stub -> stub.unaryCall(
                    Messages.SimpleRequest.newBuilder().setResponseSize(9000).build()));

            assertThat(read.getCode()).isEqualTo(StatusCode.UNAVAILABLE.value());
            assertThat(read.getMessage()).startsWith("out of stock (grpc-status-details-bin is left out");
            assertThat(read.getDetailsList()).isEmpty();
        }

        private com.google.rpc.Status failure(Consumer<TestServiceGrpc.TestServiceBlockingStub> call) throws Exception {
            try (Server server = Server.builder()
                    .address(new InetSocketAddress("127.0.0.1", 0))
                    .service(new Failing())
                    .start()) {
                io.grpc.ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                        .usePlaintext()
                        .build();
                try {
                    TestServiceGrpc.TestServiceBlockingStub stub =
                            TestServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
                    return StatusProto.fromThrowable(
                            catchThrowableOfType(StatusRuntimeException.class, () -> call.accept(stub)));
                } finally {
                    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
                }
            }
        }
    }

    /** grpc-java's server, our client. */
    @Nested
    class OfGrpcJavasServer {

        private static final class Failing extends TestServiceGrpc.TestServiceImplBase {

            @Override
            public void unaryCall(Messages.SimpleRequest request, StreamObserver<Messages.SimpleResponse> responses) {
                responses.onError(StatusProto.toStatusRuntimeException(STATUS));
            }

            @Override
            public void streamingOutputCall(
                    Messages.StreamingOutputCallRequest request,
                    StreamObserver<Messages.StreamingOutputCallResponse> responses) {
                responses.onNext(Messages.StreamingOutputCallResponse.getDefaultInstance());
                responses.onError(StatusProto.toStatusRuntimeException(STATUS));
            }
        }

        @Test
        void areReadByUsAfterAUnaryCall() throws Exception {
            assertRead(client -> client.unaryCall(SimpleRequest.getDefaultInstance()));
        }

        @Test
        void areReadByUsAfterAResponse() throws Exception {
            assertRead(client -> {
                try (ServerStreamingCall<StreamingOutputCallResponse> call =
                        client.streamingOutputCall(StreamingOutputCallRequest.getDefaultInstance())) {
                    call.forEach(response -> {});
                }
            });
        }

        private void assertRead(Consumer<TestService.Client> call) throws IOException, InterruptedException {
            io.grpc.Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .addService(new Failing())
                    .build()
                    .start();
            try (ManagedChannel channel =
                    ManagedChannel.builder("127.0.0.1:" + server.getPort()).build()) {
                TestService.Client client =
                        TestStubs.of(channel, Face.BLOCKING, Metadata.EMPTY).service();

                StatusDetails read =
                        StatusDetails.of(catchThrowableOfType(StatusException.class, () -> call.accept(client)));

                assertThat(read.status()).isEqualTo(STATUS);
                assertThat(read.first(ErrorInfo.class)).contains(INFO);
                assertThat(read.first(RetryInfo.class)).contains(RETRY);
            } finally {
                server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            }
        }
    }
}
