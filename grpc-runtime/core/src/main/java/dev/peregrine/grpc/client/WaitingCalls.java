// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.naming.Target;
import dev.peregrine.grpc.transport.ClientConnection;
import dev.peregrine.grpc.transport.ClientTransport;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * The calls of a channel that wait for a connection, in their order. A call leaves with a connection, with its deadline, by
 * being cancelled, or because there will be no connection.
 *
 * <p>Runs on the transport's executor, but for {@link #cancelled}.
 */
final class WaitingCalls {

    private final Target target;
    private final ClientTransport transport;
    private final int most;
    private final Supplier<String> situation;
    private final Runnable onGivenUp;

    /** A set: calls leave from the midst of it, and when a server is gone there are many. */
    private final Set<DelayedStream> calls = new LinkedHashSet<>();

    /**
     * @param most how many may wait
     * @param situation what becomes of the connection, for the text of deadlines
     * @param onGivenUp runs when a call has left by itself
     */
    WaitingCalls(Target target, ClientTransport transport, int most, Supplier<String> situation, Runnable onGivenUp) {
        this.target = target;
        this.transport = transport;
        this.most = most;
        this.situation = situation;
        this.onGivenUp = onGivenUp;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** Takes a call in; false if it has ended by that, because too many wait. */
    boolean add(DelayedStream call) {
        if (!call.isWaiting()) {
            return false; // Cancelled on its way here.
        }
        if (calls.size() >= most) {
            call.fail(Status.of(
                    StatusCode.RESOURCE_EXHAUSTED,
                    most + " calls wait for a connection to " + target + " already, more may not; raise the"
                            + " channel's limit maxWaitingCalls, or make fewer calls at once"));
            return false;
        }
        calls.add(call);
        Deadline deadline = call.head().deadline();
        if (deadline != null) {
            call.deadlineTimer(transport.schedule(() -> deadlinePassed(call), Math.max(0, deadline.remainingNanos())));
        }
        return true;
    }

    private void deadlinePassed(DelayedStream call) {
        calls.remove(call);
        call.fail(Status.of(
                StatusCode.DEADLINE_EXCEEDED,
                "the deadline passed while waiting for a connection to " + target + ", which is " + situation.get()));
        onGivenUp.run();
    }

    /** The caller has cancelled; from any thread. */
    void cancelled(DelayedStream call, Status why) {
        try {
            transport.executor().execute(() -> {
                calls.remove(call);
                call.ended(why);
                onGivenUp.run();
            });
        } catch (RejectedExecutionException channelIsGone) {
            call.ended(why);
        }
    }

    /** There is a connection. */
    void openAll(ClientConnection connection) {
        for (DelayedStream call : takeAll()) {
            call.open(connection);
        }
    }

    /** There will be no connection. */
    void failAll(Status why) {
        for (DelayedStream call : takeAll()) {
            call.fail(why);
        }
    }

    /** There is no connection yet: ends the calls that do not wait for one beyond that. */
    void failImpatient(Status why) {
        for (DelayedStream call : List.copyOf(calls)) {
            if (!call.waitsForReady() && calls.remove(call)) {
                call.fail(why);
            }
        }
    }

    /** Leaves none behind: whoever hears of its call may make another one. */
    private List<DelayedStream> takeAll() {
        List<DelayedStream> all = List.copyOf(calls);
        calls.clear();
        return all;
    }
}
