// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.observe.SnapshotPage;
import dev.peregrine.grpc.observe.TransportSnapshot;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Makes connections for one channel. The executor is one thread: a channel's state may live on it, without locks. */
public interface ClientTransport extends AutoCloseable {

    /** Starts to connect; everything further is told to the listener, on the thread of {@link #executor()}. */
    Attempt connect(SocketAddress address, ConnectionListener listener);

    /** Runs tasks one after the other, on a thread that must not be blocked. */
    Executor executor();

    /** Runs the task on {@link #executor()} after this many nanoseconds. */
    Timer schedule(Runnable task, long delayNanos);

    /** Takes a picture of the connections; a transport that has none to show says so by {@link TransportSnapshot#EMPTY}. */
    default CompletionStage<TransportSnapshot> snapshot(SnapshotPage page) {
        return CompletableFuture.completedFuture(TransportSnapshot.EMPTY);
    }

    /** Returns the resources; connections that are still open are not closed by this. */
    @Override
    void close();

    /** A connection being made. */
    @FunctionalInterface
    interface Attempt {
        /** Gives it up, or cuts off what it led to, from any thread; the listener hears {@code onClosed}. */
        void abandon();
    }

    /** Something that will happen later. */
    @FunctionalInterface
    interface Timer {
        /** Makes it not happen; for the executor's thread only. */
        void cancel();
    }
}
