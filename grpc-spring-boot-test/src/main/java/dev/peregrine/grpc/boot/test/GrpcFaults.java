// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.core.Ordered;

/**
 * Lets calls of clients go wrong, as servers and networks do it. A bean of a test's configuration; with
 * {@code @GrpcGlobalClientInterceptor} it sees the calls of all clients, by name in {@code grpc.client.<name>.interceptors}
 * those of one. It stands behind all other interceptors of the client, those without an order too, so whatever reacts to
 * failures reacts to these; only interceptors of a single injection point or a single call stand behind it. After each test
 * method it forgets everything.
 *
 * <pre>{@code
 * faults.fail(Status.of(StatusCode.UNAVAILABLE, "gone")).times(2);
 * faults.drop().times(1).on("greet.Greeter/SayHello");
 * faults.delay(Duration.ofMillis(200));
 * }</pre>
 *
 * The fault that was asked for first counts. For any thread.
 */
public final class GrpcFaults implements ClientInterceptor, Ordered {

    /** Longer waits belong into no test. */
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

    private final List<Fault> faults = new CopyOnWriteArrayList<>();

    /** Ends calls with this status; they do not reach the server. */
    public Fault fail(Status status) {
        if (status.isOk()) {
            throw new IllegalArgumentException(
                    "status: OK (expected: a status that a call can fail with, such as UNAVAILABLE)");
        }
        return add(new Fault(new Fault.Failure(status)));
    }

    /** Loses calls: nobody answers, so they end by their deadline or when they are cancelled. */
    public Fault drop() {
        return add(new Fault(new Fault.Loss()));
    }

    /**
     * Holds calls back for this long before they leave; their deadline runs meanwhile.
     *
     * @param delay at most a minute
     */
    public Fault delay(Duration delay) {
        if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
            throw new IllegalArgumentException("delay: " + delay + " (expected: 0 to " + LONGEST_DELAY + ")");
        }
        return add(new Fault(new Fault.Delay(delay)));
    }

    /** From now on nothing goes wrong. */
    public void clear() {
        faults.clear();
    }

    private Fault add(Fault fault) {
        faults.add(fault);
        return fault;
    }

    @Override
    public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        for (Fault fault : faults) {
            if (fault.takes(method)) {
                return fault.call(method, options, next);
            }
        }
        return next.newCall(method, options);
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
