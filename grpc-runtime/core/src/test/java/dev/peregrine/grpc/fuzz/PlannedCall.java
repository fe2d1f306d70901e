// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.fuzz;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodKind;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A caller that does what its dice say, and knows which ends its call may come to. */
final class PlannedCall implements ClientCall.Listener<String> {

    private final Chance chance;
    private final CallPlan plan;
    private final MethodKind kind;
    private final String service;
    private final boolean cancels;
    private final @Nullable Duration timeout;
    private final boolean doomed;
    private final int requests;
    private final int requestSize;

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final List<String> heard = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private volatile @Nullable ClientCall<String, String> call;
    private boolean headers;
    private boolean closed;
    private volatile @Nullable Status status;

    /**
     * @param doomed whether the channel may be shut down meanwhile
     */
    PlannedCall(Chance chance, boolean doomed) {
        this.chance = chance;
        this.doomed = doomed;
        this.plan = CallPlan.random(chance);
        this.kind = chance.of(MethodKind.values());
        this.service = chance.of(CallPlan.PROMPT, CallPlan.PATIENT);
        boolean hangs = plan.conduct() == CallPlan.Conduct.HANG;
        this.cancels = chance.oneIn(hangs ? 2 : 8);
        boolean late = chance.oneIn(8) || (hangs && !cancels);
        this.timeout = late ? Duration.ofMillis(chance.below(20)) : null;
        this.requests = kind.hasRequestStream() ? chance.below(10) : 1;
        this.requestSize = chance.size(9000);
    }

    /** Does everything that it does of its own accord. */
    void perform(Channel channel, Executor listeners) {
        CallOptions options = CallOptions.DEFAULT.withTimeout(timeout).withMetadata(plan.write());
        ClientCall<String, String> made = channel.newCall(
                CallPlan.method(service, kind), chance.oneIn(3) ? options.withExecutor(listeners) : options);
        call = made;
        int cancelAt = cancels ? chance.below(requests + 2) : -1;
        made.start(this, Metadata.EMPTY);
        for (int step = 0; step <= requests; step++) {
            if (step == cancelAt) {
                made.cancel("as planned", null);
            }
            if (kind.hasResponseStream() && chance.oneIn(2)) {
                made.request(1 + chance.below(3));
            }
            if (step < requests) {
                String request = step + ":" + "q".repeat(requestSize);
                said.add(request);
                made.send(request);
            }
        }
        made.halfClose();
        if (cancelAt == requests + 1) {
            made.cancel("as planned", null);
        } else if (kind.hasResponseStream()) {
            made.request(chance.oneIn(2) ? Integer.MAX_VALUE : 1000);
        }
    }

    CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void onHeaders(Metadata metadata) {
        check(!headers && heard.isEmpty() && !closed, "headers twice or late");
        headers = true;
    }

    @Override
    public void onMessage(String response) {
        check(!closed, "a message after the end");
        heard.add(response);
    }

    @Override
    public void onReady() {
        check(!closed, "readiness after the end");
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        check(!closed, "a second end");
        closed = true;
        this.status = status;
        check(lawful().contains(status.code()), "an end that nothing leads to: " + status);
        if (status.isOk() && !ended.isCompletedExceptionally()) {
            List<String> expected = expected();
            check(heard.equals(expected), heard.size() + " responses, expected " + expected.size());
        }
        ended.complete(null);
    }

    Status status() {
        Status end = status;
        if (end == null) {
            throw new AssertionError("no end was heard of " + this);
        }
        return end;
    }

    /** What the call may end with. */
    private Set<StatusCode> lawful() {
        Set<StatusCode> lawful = EnumSet.noneOf(StatusCode.class);
        switch (plan.conduct()) {
            case ECHO, HASTY, FLOOD -> lawful.add(StatusCode.OK);
            case FAIL -> lawful.add(plan.failure());
            case THROW -> lawful.add(StatusCode.UNKNOWN);
            case HANG -> {}
        }
        if (cancels) {
            lawful.add(StatusCode.CANCELLED);
        }
        if (timeout != null) {
            lawful.add(StatusCode.DEADLINE_EXCEEDED);
        }
        if (doomed) {
            lawful.add(StatusCode.UNAVAILABLE);
            lawful.add(StatusCode.CANCELLED);
        }
        return lawful;
    }

    private List<String> expected() {
        boolean echoes = plan.conduct() == CallPlan.Conduct.ECHO;
        if (!kind.hasResponseStream()) {
            return List.of(echoes ? Integer.toString(requests) : "done");
        }
        if (echoes) {
            return said;
        }
        List<String> responses = new ArrayList<>();
        for (int i = 0; plan.conduct() == CallPlan.Conduct.FLOOD && i < plan.responses(); i++) {
            responses.add(plan.response(i));
        }
        return responses;
    }

    /** Not thrown, because the runtime would have to deal with it: the test hears of it. */
    private void check(boolean kept, String otherwise) {
        if (!kept) {
            ended.completeExceptionally(new AssertionError(otherwise + ", of " + this));
        }
    }

    @Override
    public String toString() {
        return service + " " + kind + " with " + requests + " requests of " + requestSize + ", " + plan
                + (cancels ? ", cancelled" : "") + (timeout == null ? "" : ", within " + timeout)
                + (doomed ? ", channel shut down" : "") + ", " + chance;
    }
}
