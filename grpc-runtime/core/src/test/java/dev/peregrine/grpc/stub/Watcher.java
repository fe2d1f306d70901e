// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A subscriber that asks when told to and writes down what it hears: {@code next a}, {@code error ...}, {@code complete}. */
class Watcher implements Flow.Subscriber<String> {

    private final BlockingQueue<String> signals = new LinkedBlockingQueue<>();
    private volatile Flow.Subscription subscription;
    private volatile boolean introducedFirst;

    void request(long n) {
        subscription.request(n);
    }

    void cancel() {
        subscription.cancel();
    }

    boolean wasIntroducedFirst() {
        return introducedFirst;
    }

    List<String> heard() {
        return List.copyOf(signals);
    }

    String next() {
        try {
            String signal = signals.poll(ScriptedPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (signal == null) {
                throw new AssertionError("expected a signal, but none came");
            }
            return signal;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        introducedFirst = signals.isEmpty();
    }

    @Override
    public void onNext(String item) {
        signals.add("next " + item);
    }

    @Override
    public void onError(Throwable failure) {
        signals.add("error " + failure);
    }

    @Override
    public void onComplete() {
        signals.add("complete");
    }
}
