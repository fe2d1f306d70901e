// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.server.ServerCall;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The requests of a call as a publisher for one subscriber, whose demand becomes the call's. */
final class RequestPublisher<Q> implements Flow.Publisher<Q>, Flow.Subscription {

    private final ServerCall<Q, ?> call;
    private Flow.@Nullable Subscriber<? super Q> subscriber;
    private boolean ended;
    private @Nullable Throwable failure;
    private boolean done;

    RequestPublisher(ServerCall<Q, ?> call) {
        this.call = call;
    }

    /** The listener that feeds this publisher, after it has run the service's method. */
    ServerCall.Listener<Q> listener(Runnable method) {
        return new ServerCall.Listener<>() {
            @Override
            public void onStart() {
                method.run();
            }

            @Override
            public void onMessage(Q request) {
                next(request);
            }

            @Override
            public void onHalfClose() {
                complete();
            }
        };
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Q> newcomer) {
        boolean accepted;
        synchronized (this) {
            accepted = subscriber == null;
            if (accepted) {
                subscriber = newcomer;
            }
        }
        if (!accepted) {
            newcomer.onSubscribe(new NoSubscription());
            newcomer.onError(new IllegalStateException(
                    "the requests of a call can be subscribed to once; share them with an operator of your library"));
            return;
        }
        newcomer.onSubscribe(this);
        signalEnd();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            fail(Demand.illegal(n));
            return;
        }
        call.request(Demand.clamp(n));
    }

    /** The service reads no more; it still owes the caller an answer. */
    @Override
    public synchronized void cancel() {
        done = true;
    }

    private void next(Q request) {
        Flow.Subscriber<? super Q> hearing;
        synchronized (this) {
            hearing = done ? null : subscriber;
        }
        if (hearing != null) {
            hearing.onNext(request);
        }
    }

    private void complete() {
        synchronized (this) {
            ended = true;
        }
        signalEnd();
    }

    void fail(Throwable failure) {
        synchronized (this) {
            if (this.failure == null) {
                this.failure = failure;
            }
            ended = true;
        }
        signalEnd();
    }

    private void signalEnd() {
        Flow.Subscriber<? super Q> hearing;
        Throwable why;
        synchronized (this) {
            if (!ended || done || subscriber == null) {
                return;
            }
            done = true;
            hearing = subscriber;
            why = failure;
        }
        if (why == null) {
            hearing.onComplete();
        } else {
            hearing.onError(why);
        }
    }

    /** What a subscriber that came too late holds. */
    private static final class NoSubscription implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }
}
