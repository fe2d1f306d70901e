// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.ClientCall;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** One subscriber's responses: its demand becomes the call's, its cancel the call's cancel. */
final class ResponseSubscription<R> implements Flow.Subscription, ClientCall.Listener<R> {

    private final ClientCall<?, R> call;
    private final Flow.Subscriber<? super R> subscriber;
    private final @Nullable RequestSubscriber<?> requests;

    /** Reactive Streams §1.3: onSubscribe comes before everything else; the end that came early waits for it. */
    private boolean begun;

    private @Nullable Runnable earlyEnd;
    private volatile boolean done;
    private volatile @Nullable IllegalArgumentException lawless;

    ResponseSubscription(
            ClientCall<?, R> call, Flow.Subscriber<? super R> subscriber, @Nullable RequestSubscriber<?> requests) {
        this.call = call;
        this.subscriber = subscriber;
        this.requests = requests;
    }

    void start() {
        call.start(this, Metadata.EMPTY);
    }

    /** Introduces the subscriber; without demand nothing but the end can have arrived before. */
    void begin() {
        subscriber.onSubscribe(this);
        Runnable end;
        synchronized (this) {
            begun = true;
            end = earlyEnd;
        }
        if (end != null) {
            end.run();
        }
    }

    @Override
    public void request(long n) {
        if (done) {
            return;
        }
        if (n <= 0) {
            // The end tells, where it cannot come in between two other signals (Reactive Streams §1.3).
            lawless = Demand.illegal(n);
            call.cancel("the subscriber broke the rules of demand", lawless);
            return;
        }
        call.request(Demand.clamp(n));
    }

    @Override
    public void cancel() {
        if (!done) {
            done = true;
            call.cancel("the subscriber cancelled", null);
        }
    }

    @Override
    public void onMessage(R response) {
        if (!done && lawless == null) {
            subscriber.onNext(response);
        }
    }

    @Override
    public void onReady() {
        if (requests != null) {
            requests.onReady();
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        if (requests != null) {
            requests.stop();
        }
        synchronized (this) {
            if (!begun) {
                earlyEnd = () -> end(status, trailers);
                return;
            }
        }
        end(status, trailers);
    }

    private void end(Status status, Metadata trailers) {
        if (done) {
            return;
        }
        done = true;
        IllegalArgumentException ofSubscriber = lawless;
        if (ofSubscriber != null) {
            subscriber.onError(ofSubscriber);
        } else if (status.isOk()) {
            subscriber.onComplete();
        } else {
            subscriber.onError(StatusException.ofCall(status, trailers));
        }
    }
}
