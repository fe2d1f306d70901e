// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.interop.proto.ResponseParameters;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallRequest;
import dev.peregrine.grpc.interop.proto.StreamingOutputCallResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The responses that requests ask for: in order, each after its interval, and no sooner than the subscriber wants it. For
 * one subscriber; made while the call is current.
 *
 * <p>Requests, demand and the ends of intervals come on any thread. Whoever comes first makes the steps that are possible;
 * who comes meanwhile only leaves word to look again.
 */
final class PacedResponses implements Flow.Publisher<StreamingOutputCallResponse>, Flow.Subscription {

    private final CallContext call = CallContext.current();
    private final Runnable onIdle;
    private final AtomicInteger looks = new AtomicInteger();

    // Guarded by this.
    private final Deque<ResponseParameters> due = new ArrayDeque<>();
    private Flow.@Nullable Subscriber<? super StreamingOutputCallResponse> subscriber;
    private long demand;
    private Interval interval = Interval.AHEAD;
    private boolean idle;
    private boolean lastHeard;
    private @Nullable Throwable failure;
    private boolean done;

    /** Where the interval before the first due response is. */
    private enum Interval {
        AHEAD,
        RUNNING,
        OVER
    }

    /**
     * @param onIdle runs when all responses that are due have gone out and the next request may come
     */
    PacedResponses(Runnable onIdle) {
        this.onIdle = onIdle;
    }

    /** The responses to one request. */
    static PacedResponses to(StreamingOutputCallRequest request) {
        PacedResponses responses = new PacedResponses(() -> {});
        responses.add(request);
        responses.end(null);
        return responses;
    }

    /** A request that asks for a status is the last: "The server will not process any further messages". */
    void add(StreamingOutputCallRequest request) {
        try {
            add(Answers.dueFor(request));
        } catch (StatusException asked) {
            end(asked);
        }
    }

    private void add(Iterable<ResponseParameters> more) {
        synchronized (this) {
            if (lastHeard) {
                return;
            }
            more.forEach(due::add);
            idle = false;
        }
        proceed();
    }

    /** No more requests follow; the stream ends, or fails, after the responses that are due. */
    void end(@Nullable Throwable failure) {
        synchronized (this) {
            if (!lastHeard) {
                lastHeard = true;
                this.failure = failure;
            }
        }
        proceed();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super StreamingOutputCallResponse> subscriber) {
        subscriber.onSubscribe(this);
        synchronized (this) {
            this.subscriber = subscriber;
        }
        proceed();
    }

    @Override
    public void request(long n) {
        synchronized (this) {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        }
        proceed();
    }

    @Override
    public synchronized void cancel() {
        done = true;
    }

    private void proceed() {
        if (looks.getAndIncrement() > 0) {
            return;
        }
        do {
            for (Runnable step = nextStep(); step != null; step = nextStep()) {
                step.run();
            }
        } while (looks.decrementAndGet() > 0);
    }

    /** What can be done now; to be run outside the lock. Null if something must happen first. */
    private synchronized @Nullable Runnable nextStep() {
        Flow.Subscriber<? super StreamingOutputCallResponse> hearing = subscriber;
        if (done || hearing == null || interval == Interval.RUNNING) {
            return null;
        }
        ResponseParameters next = due.peek();
        if (next == null) {
            return lastHeard ? ending(hearing) : idling();
        }
        if (interval == Interval.AHEAD && next.getIntervalUs() > 0) {
            interval = Interval.RUNNING;
            return () -> CompletableFuture.delayedExecutor(next.getIntervalUs(), TimeUnit.MICROSECONDS)
                    .execute(this::intervalIsOver);
        }
        if (demand == 0) {
            return null;
        }
        due.remove();
        demand--;
        interval = Interval.AHEAD;
        return () -> {
            Compression.wish(call, next.getCompressed());
            hearing.onNext(Answers.of(next));
        };
    }

    private Runnable ending(Flow.Subscriber<?> hearing) {
        done = true;
        Throwable why = failure;
        return why == null ? hearing::onComplete : () -> hearing.onError(why);
    }

    private @Nullable Runnable idling() {
        if (idle) {
            return null;
        }
        idle = true;
        return onIdle;
    }

    private void intervalIsOver() {
        synchronized (this) {
            interval = Interval.OVER;
        }
        proceed();
    }
}
