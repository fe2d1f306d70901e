// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.client.ClientCall;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Sends what a publisher publishes, and asks it for more as long as the call is ready. */
final class RequestSubscriber<Q> implements Flow.Subscriber<Q> {

    private final ClientCall<Q, ?> call;
    private Flow.@Nullable Subscription subscription;
    private boolean waiting;
    private boolean stopped;

    RequestSubscriber(ClientCall<Q, ?> call) {
        this.call = call;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        synchronized (this) {
            if (this.subscription == null && !stopped) {
                this.subscription = subscription;
                waiting = true;
            }
        }
        if (this.subscription != subscription) {
            subscription.cancel(); // Reactive Streams §2.5, or the call has ended already.
            return;
        }
        onReady();
    }

    /** Asks for the next request if the call is ready for it; called again whenever it becomes ready. */
    void onReady() {
        Flow.Subscription source;
        synchronized (this) {
            source = subscription;
            if (source == null || !waiting || stopped || !call.isReady()) {
                return;
            }
            waiting = false;
        }
        source.request(1);
    }

    /** The call is over: the publisher need not publish any more. */
    void stop() {
        Flow.Subscription source;
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
            source = subscription;
        }
        if (source != null) {
            source.cancel();
        }
    }

    @Override
    public void onNext(Q request) {
        try {
            call.send(request);
        } catch (RuntimeException unsendable) { // Reactive Streams §2.13: a subscriber does not throw.
            call.cancel("a request could not be sent", unsendable);
            stop();
            return;
        }
        synchronized (this) {
            waiting = true;
        }
        onReady();
    }

    @Override
    public void onError(Throwable failure) {
        call.cancel("the publisher of requests failed", failure);
    }

    @Override
    public void onComplete() {
        call.halfClose();
    }
}
