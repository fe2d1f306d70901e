// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.inprocess;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ConnectionListener;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Makes the connections of one channel, all on one thread, which is the channel's too. For any thread. */
final class InProcessClient implements ClientTransport {

    private final ConnectOptions options;
    private final EventExecutor thread;

    InProcessClient(ConnectOptions options) {
        this.options = options;
        this.thread = InProcessThreads.acquire().next();
    }

    static Status nobodyListens(SocketAddress address) {
        return Status.of(StatusCode.UNAVAILABLE, "no server of this process listens on " + address);
    }

    @Override
    public Attempt connect(SocketAddress address, ConnectionListener listener) {
        InProcessServer server = InProcessServer.at(address);
        if (server == null || !(address instanceof InProcessAddress name)) {
            thread.execute(() -> listener.onClosed(nobodyListens(address)));
            return () -> {};
        }
        InProcessConnection connection = new InProcessConnection(server, name, options, thread, listener);
        connection.thread().post(connection::start);
        return connection::cut;
    }

    @Override
    public Executor executor() {
        return thread;
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        ScheduledFuture<?> scheduled = thread.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void close() {
        InProcessThreads.release();
    }
}
