// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.client.ClientCall;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A call that reaches nobody. It ends as a server far away would end it, on another thread than the caller's: at once with a
 * status, or by its deadline, or when it is cancelled.
 */
final class LostCall<Q, R> implements ClientCall<Q, R> {

    private final @Nullable Status status;
    private final @Nullable Deadline deadline;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Listener<R> listener;

    LostCall(@Nullable Status status, @Nullable Deadline deadline) {
        this.status = status;
        this.deadline = deadline;
    }

    @Override
    public void start(Listener<R> listener, Metadata headers) {
        this.listener = listener;
        Status now = status;
        if (now != null) {
            CompletableFuture.runAsync(() -> close(now));
        } else if (deadline != null) {
            CompletableFuture.delayedExecutor(deadline.remainingNanos(), TimeUnit.NANOSECONDS)
                    .execute(() -> close(Status.of(StatusCode.DEADLINE_EXCEEDED, "the test dropped the call")));
        }
    }

    @Override
    public void cancel(String why, @Nullable Throwable cause) {
        close(Status.of(StatusCode.CANCELLED, why));
    }

    private void close(Status end) {
        Listener<R> told = listener;
        if (told != null && closed.compareAndSet(false, true)) {
            told.onClose(end, Metadata.EMPTY);
        }
    }

    @Override
    public void request(int messages) {}

    @Override
    public void send(Q request) {}

    @Override
    public void halfClose() {}

    @Override
    public void setMessageCompression(boolean compressed) {}

    @Override
    public boolean isResponseCompressed() {
        return false;
    }

    @Override
    public boolean isReady() {
        return !closed.get();
    }
}
