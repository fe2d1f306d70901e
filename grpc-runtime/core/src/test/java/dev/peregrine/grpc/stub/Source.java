// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A publisher that publishes when told to and writes down what it is asked. */
final class Source implements Flow.Publisher<String> {

    final CompletableFuture<Void> cancelled = new CompletableFuture<>();
    private final BlockingQueue<Long> demands = new LinkedBlockingQueue<>();
    private Flow.Subscriber<? super String> subscriber;

    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
        this.subscriber = subscriber;
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                demands.add(n);
            }

            @Override
            public void cancel() {
                cancelled.complete(null);
            }
        });
    }

    void next(String item) {
        subscriber.onNext(item);
    }

    void fail(Throwable failure) {
        subscriber.onError(failure);
    }

    void complete() {
        subscriber.onComplete();
    }

    List<Long> demands() {
        return List.copyOf(demands);
    }

    long nextDemand() {
        try {
            Long demand = demands.poll(ScriptedPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (demand == null) {
                throw new AssertionError("expected demand, but none came");
            }
            return demand;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
