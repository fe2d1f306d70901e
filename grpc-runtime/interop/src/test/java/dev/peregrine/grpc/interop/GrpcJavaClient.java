// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Function;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import io.grpc.testing.integration.Messages;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The interop client of grpc-java. Its cases are JUnit 4 tests by trade; here they are called one by one. */
final class GrpcJavaClient extends AbstractInteropTest {

    /** One of grpc-java's cases. */
    @FunctionalInterface
    interface Case {
        void run(GrpcJavaClient client) throws Exception;
    }

    /**
     * The official cases, then those that grpc-java has beyond and that say something about a server. Not among them:
     * {@code deadlineExceeded}, which insists on grpc-java's own words where the server's clock strikes first.
     */
    static final Map<String, Case> CASES = new LinkedHashMap<>();

    static {
        CASES.put("empty_unary", AbstractInteropTest::emptyUnary);
        CASES.put("large_unary", AbstractInteropTest::largeUnary);
        CASES.put("very_large_request", AbstractInteropTest::veryLargeRequest);
        CASES.put("client_compressed_unary", client -> client.clientCompressedUnary(true));
        CASES.put("client_compressed_unary_noprobe", client -> client.clientCompressedUnary(false));
        CASES.put("server_compressed_unary", AbstractInteropTest::serverCompressedUnary);
        CASES.put("client_compressed_streaming", client -> client.clientCompressedStreaming(true));
        CASES.put("client_compressed_streaming_noprobe", client -> client.clientCompressedStreaming(false));
        CASES.put("server_compressed_streaming", AbstractInteropTest::serverCompressedStreaming);
        CASES.put("client_streaming", AbstractInteropTest::clientStreaming);
        CASES.put("server_streaming", AbstractInteropTest::serverStreaming);
        CASES.put("ping_pong", AbstractInteropTest::pingPong);
        CASES.put("empty_stream", AbstractInteropTest::emptyStream);
        CASES.put("custom_metadata", AbstractInteropTest::customMetadata);
        CASES.put("status_code_and_message", AbstractInteropTest::statusCodeAndMessage);
        CASES.put("special_status_message", AbstractInteropTest::specialStatusMessage);
        CASES.put("unimplemented_method", AbstractInteropTest::unimplementedMethod);
        CASES.put("unimplemented_service", AbstractInteropTest::unimplementedService);
        CASES.put("cancel_after_begin", AbstractInteropTest::cancelAfterBegin);
        CASES.put("cancel_after_first_response", AbstractInteropTest::cancelAfterFirstResponse);
        CASES.put("timeout_on_sleeping_server", AbstractInteropTest::timeoutOnSleepingServer);

        CASES.put("pick_first_unary", GrpcJavaClient::pickFirstUnary);
        CASES.put("rpc_soak", client -> client.soak(channel -> channel));
        CASES.put("channel_soak", client -> client.soak(client::replace));

        CASES.put("full duplex call", AbstractInteropTest::fullDuplexCallShouldSucceed);
        CASES.put("half duplex call", AbstractInteropTest::halfDuplexCallShouldSucceed);
        CASES.put("very large response", AbstractInteropTest::veryLargeResponse);
        CASES.put("server streaming is flow controlled", AbstractInteropTest::serverStreamingShouldBeFlowControlled);
        CASES.put("metadata exchanged by a unary call", AbstractInteropTest::exchangeMetadataUnaryCall);
        CASES.put("metadata exchanged by a streaming call", AbstractInteropTest::exchangeMetadataStreamingCall);
        CASES.put("deadline kept", AbstractInteropTest::deadlineNotExceeded);
        CASES.put("deadline exceeded by server streaming", AbstractInteropTest::deadlineExceededServerStreaming);
        CASES.put("deadline in the past", AbstractInteropTest::deadlineInPast);
        CASES.put("inbound size exactly at the limit", AbstractInteropTest::maxInboundSize_exact);
        CASES.put("inbound size above the limit", AbstractInteropTest::maxInboundSize_tooBig);
        CASES.put("graceful shutdown of the channel", AbstractInteropTest::gracefulShutdown);
        CASES.put("retriable unary call", AbstractInteropTest::emptyUnaryWithRetriableStream);
    }

    private final int port;

    /** By channel_soak. */
    private final Queue<ManagedChannel> opened = new ConcurrentLinkedQueue<>();

    GrpcJavaClient(int port) {
        this.port = port;
    }

    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .flowControlWindow(TEST_FLOW_CONTROL_WINDOW)
                .maxInboundMessageSize(MAX_MESSAGE_SIZE);
    }

    /** The statistics are of grpc-java's own making and say nothing about the server. */
    @Override
    protected boolean metricsExpected() {
        return false;
    }

    /** What grpc-java's program does; the case is not among those of its base class. */
    private void pickFirstUnary() {
        Messages.SimpleRequest request =
                Messages.SimpleRequest.newBuilder().setFillServerId(true).build();
        Set<String> ids = new HashSet<>();
        for (int call = 0; call < 100; call++) {
            ids.add(blockingStub.unaryCall(request).getServerId());
        }
        assertThat(ids).hasSize(1).doesNotContain("");
    }

    /** The soak of grpc-java's program, which keeps it to its package. */
    private void soak(Function<ManagedChannel, ManagedChannel> channelOfIteration) throws Exception {
        Method soak = Arrays.stream(
                        Class.forName("io.grpc.testing.integration.SoakClient").getDeclaredMethods())
                .filter(method -> method.getName().equals("performSoakTest"))
                .findAny()
                .orElseThrow();
        soak.setAccessible(true);
        ManagedChannel shared = createChannel();
        int iterations = 10;
        int maxFailures = 0;
        int maxLatencyMillis = 20_000;
        int pauseMillis = 0;
        int timeoutSeconds = 40;
        int requestSize = 271_828;
        int responseSize = 314_159;
        int threads = 2;
        try {
            soak.invoke(
                    null,
                    "127.0.0.1:" + port,
                    iterations,
                    maxFailures,
                    maxLatencyMillis,
                    pauseMillis,
                    timeoutSeconds,
                    requestSize,
                    responseSize,
                    threads,
                    shared,
                    channelOfIteration);
        } finally {
            shared.shutdownNow();
            opened.forEach(ManagedChannel::shutdownNow);
        }
    }

    private ManagedChannel replace(ManagedChannel used) {
        used.shutdownNow();
        ManagedChannel fresh = createChannelBuilder().build();
        opened.add(fresh);
        return fresh;
    }

    void run(Case testCase) throws Exception {
        setUp();
        try {
            testCase.run(this);
        } finally {
            tearDown();
        }
    }
}
