// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.BlockingCalls;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A call whose streams are read and written by threads that wait. The connection's thread brings the news, and wakes
 * whoever waits; a lock keeps the two apart. At most one response lies here unread: the next is asked for when it is
 * wanted.
 */
final class BlockingStream<Q, R> implements BidiStreamingCall<Q, R>, ClientCall.Listener<R> {

    private final MethodDescriptor<Q, R> method;
    private final ClientCall<Q, R> call;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    // Guarded by the lock.
    private final Deque<R> unread = new ArrayDeque<>(2);
    private @Nullable Metadata headers;
    private @Nullable Status status;
    private Metadata trailers = Metadata.EMPTY;
    private boolean asked;

    /** For writers. */
    private boolean halfClosed;

    private BlockingStream(MethodDescriptor<Q, R> method, ClientCall<Q, R> call) {
        this.method = method;
        this.call = call;
    }

    static <Q, R> BlockingStream<Q, R> start(Channel channel, MethodDescriptor<Q, R> method, CallOptions options) {
        BlockingCalls.requireThreadThatMayBlock(method);
        BlockingStream<Q, R> stream = new BlockingStream<>(method, channel.newCall(method, options));
        stream.call.start(stream, Metadata.EMPTY);
        return stream;
    }

    void sendSole(Q request) {
        call.send(request);
        halfClosed = true;
        call.halfClose();
    }

    @Override
    public @Nullable R read() {
        lock.lock();
        try {
            while (unread.isEmpty() && status == null) {
                askForOne();
                awaitNews();
            }
            R response = unread.poll();
            if (response == null) {
                throwUnlessOk();
            }
            return response;
        } finally {
            lock.unlock();
        }
    }

    private void askForOne() {
        if (!asked) {
            asked = true;
            call.request(1);
        }
    }

    @Override
    public Iterator<R> iterator() {
        return new PullIterator<>(this::read);
    }

    @Override
    public Metadata headers() {
        lock.lock();
        try {
            while (headers == null && status == null) {
                awaitNews();
            }
            if (headers == null) {
                throwUnlessOk();
            }
            return headers == null ? Metadata.EMPTY : headers;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Metadata trailers() {
        lock.lock();
        try {
            if (status == null) {
                throw new IllegalStateException("the call of " + method.fullName()
                        + " has not ended; read until null, then ask for the trailers");
            }
            return trailers;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(Q request) {
        Objects.requireNonNull(request, "request");
        if (halfClosed) {
            throw new IllegalStateException("the call of " + method.fullName() + " is half-closed; write before that");
        }
        awaitReady();
        call.send(request);
    }

    private void awaitReady() {
        lock.lock();
        try {
            while (status == null && !call.isReady()) {
                awaitNews();
            }
            if (status != null) {
                throw StatusException.ofCall(
                        status.isOk()
                                ? Status.of(StatusCode.CANCELLED, "the server ended the call with OK and reads no more")
                                : status,
                        trailers);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void halfClose() {
        if (!halfClosed) {
            halfClosed = true;
            call.halfClose();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (status != null) {
                return;
            }
        } finally {
            lock.unlock();
        }
        call.cancel("the application closed the call", null);
    }

    private void awaitNews() {
        try {
            news.await();
        } catch (InterruptedException interrupted) {
            call.cancel("the calling thread was interrupted", interrupted);
            Thread.currentThread().interrupt();
            throw StatusException.ofCall(
                    Status.of(StatusCode.CANCELLED, "the calling thread was interrupted")
                            .withCause(interrupted),
                    Metadata.EMPTY);
        }
    }

    private void throwUnlessOk() {
        Status ended = status;
        if (ended != null && !ended.isOk()) {
            throw StatusException.ofCall(ended, trailers);
        }
    }

    // ---- news, on the connection's thread ----

    @Override
    public void onHeaders(Metadata headers) {
        change(() -> this.headers = headers);
    }

    @Override
    public void onMessage(R response) {
        change(() -> {
            asked = false;
            unread.add(response);
        });
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        change(() -> {
            this.status = status;
            this.trailers = trailers;
        });
    }

    @Override
    public void onReady() {
        change(() -> {});
    }

    private void change(Runnable news) {
        lock.lock();
        try {
            news.run();
            this.news.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
