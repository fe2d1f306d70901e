// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.server.ServerCall;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Sends what a service's publisher publishes, and asks it for more as long as the call is ready. */
final class ResponseSubscriber<R> implements Flow.Subscriber<R>, AsyncHandlers.Answer {

    private final ServerCall<?, R> call;
    private Flow.@Nullable Subscription subscription;
    private boolean waiting;
    private boolean stopped;

    ResponseSubscriber(ServerCall<?, R> call) {
        this.call = call;
    }

    void from(Flow.@Nullable Publisher<R> publisher) {
        Objects.requireNonNull(
                        publisher,
                        () -> "the service method of " + call.method().fullName() + " returned null")
                .subscribe(this);
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

    @Override
    public void onReady() {
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

    @Override
    public void onCancel() {
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
    public void onNext(R response) {
        synchronized (this) {
            if (stopped) {
                return;
            }
        }
        try {
            call.send(response);
        } catch (RuntimeException unsendable) {
            onCancel();
            call.fail(unsendable);
            return;
        }
        synchronized (this) {
            waiting = true;
        }
        onReady();
    }

    @Override
    public void onError(Throwable failure) {
        if (end()) {
            AsyncHandlers.fail(call, failure);
        }
    }

    @Override
    public void onComplete() {
        if (end()) {
            call.close(Status.OK, Metadata.EMPTY);
        }
    }

    private synchronized boolean end() {
        boolean first = !stopped;
        stopped = true;
        return first;
    }
}
