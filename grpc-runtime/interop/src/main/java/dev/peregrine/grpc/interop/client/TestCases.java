// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The cases by their official names. */
public final class TestCases {

    private static final Map<String, TestCase> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("empty_unary", UnaryCases::emptyUnary);
        BY_NAME.put("large_unary", UnaryCases::largeUnary);
        BY_NAME.put("very_large_request", UnaryCases::veryLargeRequest);
        BY_NAME.put("client_compressed_unary", CompressionCases::clientCompressedUnary);
        BY_NAME.put("client_compressed_unary_noprobe", CompressionCases::clientCompressedUnaryNoProbe);
        BY_NAME.put("server_compressed_unary", CompressionCases::serverCompressedUnary);
        BY_NAME.put("client_compressed_streaming", CompressionCases::clientCompressedStreaming);
        BY_NAME.put("client_compressed_streaming_noprobe", CompressionCases::clientCompressedStreamingNoProbe);
        BY_NAME.put("server_compressed_streaming", CompressionCases::serverCompressedStreaming);
        BY_NAME.put("client_streaming", StreamingCases::clientStreaming);
        BY_NAME.put("server_streaming", StreamingCases::serverStreaming);
        BY_NAME.put("ping_pong", StreamingCases::pingPong);
        BY_NAME.put("empty_stream", StreamingCases::emptyStream);
        BY_NAME.put("custom_metadata", MetadataCases::customMetadata);
        BY_NAME.put("status_code_and_message", StatusCases::statusCodeAndMessage);
        BY_NAME.put("special_status_message", StatusCases::specialStatusMessage);
        BY_NAME.put("unimplemented_method", StatusCases::unimplementedMethod);
        BY_NAME.put("unimplemented_service", StatusCases::unimplementedService);
        BY_NAME.put("cancel_after_begin", EarlyEndCases::cancelAfterBegin);
        BY_NAME.put("cancel_after_first_response", EarlyEndCases::cancelAfterFirstResponse);
        BY_NAME.put("timeout_on_sleeping_server", EarlyEndCases::timeoutOnSleepingServer);
        BY_NAME.put("pick_first_unary", LoadCases::pickFirstUnary);
        BY_NAME.put("concurrent_large_unary", LoadCases::concurrentLargeUnary);
        BY_NAME.put("long_lived_channel", LoadCases::longLivedChannel);
        BY_NAME.put("rpc_soak", SoakCases::rpcSoak);
        BY_NAME.put("channel_soak", SoakCases::channelSoak);
    }

    private TestCases() {}

    /** All names, simple cases first. */
    public static Set<String> names() {
        return Collections.unmodifiableSet(BY_NAME.keySet());
    }

    /**
     * @throws IllegalArgumentException if there is no such case
     */
    public static TestCase named(String name) {
        TestCase testCase = BY_NAME.get(name);
        if (testCase == null) {
            throw new IllegalArgumentException(
                    name.isEmpty() ? "--test_case names the case to run" : "no test case '" + name + "'");
        }
        return testCase;
    }
}
