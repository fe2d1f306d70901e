// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.client.ClientCall;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A call that leaves later: what is done to it until then is done when the time has come, in the same order. */
final class DelayedCall<Q, R> implements ClientCall<Q, R> {

    private final ClientCall<Q, R> call;
    private final Duration delay;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean left;

    DelayedCall(ClientCall<Q, R> call, Duration delay) {
        this.call = call;
        this.delay = delay;
    }

    @Override
    public void start(Listener<R> listener, Metadata headers) {
        then(() -> call.start(listener, headers));
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS).execute(this::leave);
    }

    private synchronized void leave() {
        for (Runnable step = waiting.poll(); step != null; step = waiting.poll()) {
            step.run();
        }
        left = true;
    }

    private synchronized void then(Runnable step) {
        if (left) {
            step.run();
        } else {
            waiting.add(step);
        }
    }

    @Override
    public void request(int messages) {
        then(() -> call.request(messages));
    }

    @Override
    public void send(Q request) {
        then(() -> call.send(request));
    }

    @Override
    public void halfClose() {
        then(call::halfClose);
    }

    /** A call that is cancelled before it leaves, leaves at once, to be cancelled. */
    @Override
    public void cancel(String why, @Nullable Throwable cause) {
        then(() -> call.cancel(why, cause));
        leave();
    }

    @Override
    public void setMessageCompression(boolean compressed) {
        then(() -> call.setMessageCompression(compressed));
    }

    @Override
    public boolean isResponseCompressed() {
        return call.isResponseCompressed();
    }

    /** The listener hears when this turns true, as soon as the call has left. */
    @Override
    public synchronized boolean isReady() {
        return left && call.isReady();
    }
}
