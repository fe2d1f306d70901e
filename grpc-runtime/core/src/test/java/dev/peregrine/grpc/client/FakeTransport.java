// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientConnection;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.CompressibleStream;
import dev.peregrine.grpc.transport.ConnectionListener;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.Resend;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A transport without a network, threads or time: it does what the test says, when the test says so. */
final class FakeTransport implements ClientTransport {

    /** The attempts to connect, in order. */
    final List<FakeAttempt> attempts = new ArrayList<>();

    /** Thrown by the next attempt to connect. */
    @Nullable
    RuntimeException connectThrows;

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Timed> timers = new ArrayList<>();
    private long now;
    private boolean closed;

    private record Timed(long at, Runnable task) {}

    /** Does what is to be done now. */
    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    void advance(Duration step) {
        now += step.toNanos();
        timers.sort(Comparator.comparingLong(Timed::at));
        while (!timers.isEmpty() && timers.get(0).at <= now) {
            timers.remove(0).task.run();
        }
        run();
    }

    /** How long until the next timer; null if there is none. */
    @Nullable
    Duration nextTimer() {
        return timers.stream()
                .min(Comparator.comparingLong(Timed::at))
                .map(timed -> Duration.ofNanos(timed.at - now))
                .orElse(null);
    }

    FakeAttempt lastAttempt() {
        return attempts.get(attempts.size() - 1);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public Attempt connect(SocketAddress address, ConnectionListener listener) {
        RuntimeException thrown = connectThrows;
        connectThrows = null;
        if (thrown != null) {
            throw thrown;
        }
        FakeAttempt attempt = new FakeAttempt(address, listener);
        attempts.add(attempt);
        return attempt;
    }

    @Override
    public Executor executor() {
        return task -> {
            if (closed) {
                throw new RejectedExecutionException("closed");
            }
            tasks.add(task);
        };
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        Timed timed = new Timed(now + delayNanos, task);
        timers.add(timed);
        return () -> timers.remove(timed);
    }

    @Override
    public void close() {
        closed = true;
    }

    /** One connection, being made or there. */
    static final class FakeAttempt implements Attempt, ClientConnection {

        final SocketAddress address;
        final List<FakeStream> streams = new ArrayList<>();
        boolean abandoned;
        boolean shutDown;

        @Nullable
        Status shutDownNow;

        /** Runs inside {@link #open}, once. */
        @Nullable
        Runnable whileOpening;

        private final ConnectionListener listener;

        FakeAttempt(SocketAddress address, ConnectionListener listener) {
            this.address = address;
            this.listener = listener;
        }

        void ready() {
            listener.onReady(this);
        }

        void draining() {
            listener.onDraining();
        }

        void closed(String why) {
            listener.onClosed(Status.of(StatusCode.UNAVAILABLE, why));
        }

        FakeStream stream(int index) {
            return streams.get(index);
        }

        @Override
        public void abandon() {
            abandoned = true;
        }

        @Override
        public ClientStream open(
                CallHead head, @Nullable OutboundMessage<?> sole, int demand, ClientStreamListener listener) {
            FakeStream stream = new FakeStream(listener);
            stream.did.add("open " + head.path() + (demand > 0 ? " +" + demand : ""));
            streams.add(stream);
            Runnable now = whileOpening;
            whileOpening = null;
            if (now != null) {
                now.run();
            }
            return stream;
        }

        @Override
        public void shutdown() {
            shutDown = true;
        }

        @Override
        public void shutdownNow(Status why) {
            shutDownNow = why;
        }
    }

    /** One call, and what was done with it. */
    static final class FakeStream implements ClientStream, CompressibleStream {

        final List<String> did = new ArrayList<>();
        final ClientStreamListener listener;
        boolean ready = true;

        /** Runs inside {@link #write}, once. */
        @Nullable
        Runnable whileWriting;

        FakeStream(ClientStreamListener listener) {
            this.listener = listener;
        }

        void closed(StatusCode code, Resend resend) {
            listener.onClosed(Status.of(code), Metadata.EMPTY, resend);
        }

        @Override
        public void write(OutboundMessage<?> message) {
            did.add("write " + message.length());
            Runnable now = whileWriting;
            whileWriting = null;
            if (now != null) {
                now.run();
            }
        }

        @Override
        public void halfClose() {
            did.add("halfClose");
        }

        @Override
        public void request(int messages) {
            did.add("request " + messages);
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void cancel(Status why) {
            did.add("cancel " + why);
        }

        @Override
        public void hold(boolean held) {
            did.add(held ? "hold" : "let go");
        }

        @Override
        public void execute(Runnable task) {
            did.add("execute");
        }
    }
}
