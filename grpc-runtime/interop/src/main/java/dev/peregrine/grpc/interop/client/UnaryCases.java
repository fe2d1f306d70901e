// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.interop.proto.Empty;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import dev.peregrine.grpc.interop.proto.SimpleResponse;

/** One request, one response, of all sizes. */
final class UnaryCases {

    static final int REQUEST_SIZE = 271_828;
    static final int RESPONSE_SIZE = 314_159;

    /** More than any flow-control window a connection starts with. */
    private static final int VERY_LARGE = 10 << 20;

    private UnaryCases() {}

    static void emptyUnary(TestStubs stubs) {
        Empty response = stubs.service().emptyCall(Empty.getDefaultInstance());
        Expect.equal("the response", Empty.getDefaultInstance(), response);
    }

    static void largeUnary(TestStubs stubs) {
        SimpleResponse response = stubs.service().unaryCall(largeRequest());
        Expect.zeros("the response", RESPONSE_SIZE, response.getPayload());
    }

    /** Not in the description; grpc-java's client knows it. */
    static void veryLargeRequest(TestStubs stubs) {
        SimpleResponse response = stubs.service()
                .unaryCall(SimpleRequest.newBuilder()
                        .setResponseSize(10)
                        .setPayload(Payloads.zeros(VERY_LARGE))
                        .build());
        Expect.zeros("the response", 10, response.getPayload());
    }

    /** The request that several cases send. */
    static SimpleRequest largeRequest() {
        return SimpleRequest.newBuilder()
                .setResponseSize(RESPONSE_SIZE)
                .setPayload(Payloads.zeros(REQUEST_SIZE))
                .build();
    }
}
