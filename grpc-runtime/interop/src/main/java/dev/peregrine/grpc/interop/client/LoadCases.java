// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.interop.proto.SimpleRequest;
import dev.peregrine.grpc.interop.proto.SimpleResponse;
import dev.peregrine.grpc.interop.proto.TestService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Many calls over one channel: at once, one after the other, and far apart. */
final class LoadCases {

    private static final int CONCURRENT_CALLS = 1000;
    /** A machine with two busy cores needs its time for 600 MB. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int PICKED_CALLS = 100;

    private LoadCases() {}

    /** "Client performs 1000 large_unary tests in parallel on the same channel." */
    static void concurrentLargeUnary(TestStubs stubs) {
        SimpleRequest request = UnaryCases.largeRequest();
        TestService.Client service = stubs.service().withDeadlineAfter(PATIENCE);
        Parallel.run(
                CONCURRENT_CALLS,
                thread -> Expect.zeros(
                        "response " + thread,
                        UnaryCases.RESPONSE_SIZE,
                        service.unaryCall(request).getPayload()));
    }

    /** Calls with pauses between them; {@code soak_iterations} says how many, and the minimum time how far apart. */
    static void longLivedChannel(TestStubs stubs) {
        SoakPlan plan = stubs.soakPlan();
        for (int call = 1; call <= plan.iterations(); call++) {
            UnaryCases.largeUnary(stubs);
            try {
                TimeUnit.NANOSECONDS.sleep(plan.minTimeBetween().toNanos());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CaseFailedException("interrupted after call " + call);
            }
        }
    }

    /** One server gets all calls. */
    static void pickFirstUnary(TestStubs stubs) {
        SimpleRequest request = SimpleRequest.newBuilder().setFillServerId(true).build();
        String first = null;
        for (int call = 1; call <= PICKED_CALLS; call++) {
            SimpleResponse response = stubs.service().unaryCall(request);
            if (response.getServerId().isEmpty()) {
                throw new CaseFailedException("the server does not tell its server_id, which this case is about");
            }
            first = first == null ? response.getServerId() : first;
            Expect.equal("the server_id of call " + call, first, response.getServerId());
        }
    }
}
