// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.inprocess;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientConnection;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ConnectionListener;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.Resend;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A channel's connection to a server of the same process: both ends, and the calls between them.
 *
 * <pre>
 *   open ── server drains ──▶ draining ── no calls ──▶ closed ── all answers read ──▶ gone
 *     │                          ▲   │                   ▲ ▲
 *     ├── client shuts down ──▶ finishing ── no calls ───┘ │
 *     └──────────────────────────────┴── lost, forced ─────┘
 * </pre>
 *
 * <p>A connection that is finishing takes no more calls, but those that wait have their turn yet; one that is draining sends
 * them elsewhere.
 *
 * <p>Belongs to the channel's thread, but for the methods of the waist.
 */
final class InProcessConnection implements ClientConnection {

    private static final System.Logger LOG = System.getLogger(InProcessConnection.class.getName());

    private final InProcessServer server;
    private final ConnectOptions options;
    private final ConnectionThread thread;
    private final ConnectionListener listener;
    private final Peer peer;

    /** Calls that the server has, or whose answer is being read. */
    private final Set<ClientEnd> calls = new LinkedHashSet<>();

    /** Calls above the server's {@code maxConcurrentCalls}. */
    private final Deque<ClientEnd> waiting = new ArrayDeque<>();

    /** Calls the server has not ended. */
    private int openAtServer;

    private boolean finishing;
    private boolean draining;
    private boolean closed;
    private boolean gone;
    private Status why = Status.of(StatusCode.UNAVAILABLE, "the connection takes no more calls");

    InProcessConnection(
            InProcessServer server,
            InProcessAddress address,
            ConnectOptions options,
            EventExecutor thread,
            ConnectionListener listener) {
        this.server = server;
        this.options = options;
        this.thread = new ConnectionThread(thread, this::failed);
        this.listener = listener;
        this.peer = new Peer(InProcessAddress.unique("client"), address, null);
    }

    // ---- the parts, for those who work on this connection ----

    Limits clientLimits() {
        return options.limits();
    }

    Limits serverLimits() {
        return server.limits();
    }

    CallAcceptor acceptor() {
        return server.acceptor();
    }

    Peer peerOfCalls() {
        return peer;
    }

    ConnectionThread thread() {
        return thread;
    }

    // ---- calls ----

    @Override
    public ClientStream open(
            CallHead head, @Nullable OutboundMessage<?> sole, int demand, ClientStreamListener listener) {
        ClientEnd call = new ClientEnd(this, head, listener);
        ByteBuf request = sole == null ? null : call.frame(sole);
        if (sole != null && request == null) {
            return call; // It has no bytes, and has ended.
        }
        boolean posted = thread.post(() -> {
            admit(call, demand);
            if (request != null) {
                call.send(request);
                call.endRequests();
            }
        });
        if (!posted) {
            if (request != null) {
                request.release();
            }
            listener.onClosed(
                    Status.of(StatusCode.UNAVAILABLE, "the connection takes no more calls"),
                    Metadata.EMPTY,
                    Resend.FREELY);
        }
        return call;
    }

    private void admit(ClientEnd call, int demand) {
        if (call.isFinished()) {
            return; // Cancelled before it got here.
        }
        if (finishing || draining) {
            call.refuse(why);
            return;
        }
        call.startDeadline();
        call.demand(demand);
        if (waiting.isEmpty() && calls.size() < server.limits().maxConcurrentCalls()) {
            openNow(call);
        } else if (waiting.size() < clientLimits().maxWaitingCalls()) {
            waiting.add(call);
        } else {
            call.end(Status.of(
                    StatusCode.RESOURCE_EXHAUSTED,
                    waiting.size() + " calls wait for the server already, more may not; raise the channel's limit"
                            + " maxWaitingCalls, or make fewer calls at once"));
        }
    }

    private void openNow(ClientEnd call) {
        calls.add(call);
        call.open(options.userAgent());
    }

    private void openWaiting() {
        while (!waiting.isEmpty() && calls.size() < server.limits().maxConcurrentCalls()) {
            openNow(waiting.remove());
        }
    }

    /** The server has taken a call. */
    void accepted() {
        openAtServer++;
    }

    /** The server is through with a call. */
    void endedAtServer() {
        openAtServer--;
        if (finishing || draining) {
            thread.post(
                    this::closeIfIdle); // Not in the middle of what ended the call: its last words are yet to be said.
        }
    }

    /** The caller is through with a call. */
    void endedAtClient(ClientEnd call) {
        if (!call.isOpened()) {
            waiting.remove(call);
            closeIfIdle();
            return;
        }
        calls.remove(call);
        if (closed) {
            thread.post(this::checkGone);
        } else if (!waiting.isEmpty()) {
            thread.post(this::openWaiting);
        }
    }

    // ---- the end ----

    /** The first thing a new connection does; from here on it keeps the threads, until it is gone. */
    void start() {
        InProcessThreads.acquire();
        if (server.join(this)) {
            listener.onReady(this);
        } else {
            closed = true;
            why = InProcessClient.nobodyListens(peer.local());
            checkGone();
        }
    }

    /** Tells the client to open its next calls elsewhere; closes when the server has ended those it has. */
    void drain() {
        startDraining(Status.of(StatusCode.UNAVAILABLE, "the server asked us to go elsewhere"));
        closeIfIdle();
    }

    /** The server's grace is over: it answers every call with UNAVAILABLE. */
    void abandonCalls() {
        Status shutDown = Status.of(StatusCode.UNAVAILABLE, "the server shuts down");
        startDraining(shutDown);
        for (ClientEnd call : List.copyOf(calls)) {
            call.server().abandon(shutDown);
        }
        close(shutDown);
    }

    /** The connection ends as one to a network would that is cut off. */
    void cut() {
        thread.post(() -> close(Status.of(StatusCode.UNAVAILABLE, "the connection to " + peer.local() + " was lost")));
    }

    @Override
    public void shutdown() {
        thread.post(() -> {
            if (!finishing && !draining) {
                finishing = true;
                why = Status.of(StatusCode.UNAVAILABLE, "the channel is shut down");
                listener.onDraining();
                closeIfIdle();
            }
        });
    }

    @Override
    public void shutdownNow(Status status) {
        thread.post(() -> {
            startDraining(status);
            for (ClientEnd call : List.copyOf(calls)) {
                call.end(status);
            }
            close(status);
        });
    }

    private void startDraining(Status status) {
        if (draining) {
            return;
        }
        draining = true;
        why = status;
        if (!finishing) { // Else it has been told.
            listener.onDraining();
        }
        for (ClientEnd call = waiting.poll(); call != null; call = waiting.poll()) {
            call.refuse(status);
        }
    }

    private void failed(Throwable thrown) {
        LOG.log(System.Logger.Level.ERROR, "a connection failed and is closed: " + this, thrown);
        close(Status.of(StatusCode.INTERNAL, "internal error").withCause(thrown));
    }

    private void closeIfIdle() {
        if ((finishing || draining) && openAtServer == 0 && waiting.isEmpty()) {
            close(why);
        }
    }

    private void close(Status status) {
        if (closed) {
            return;
        }
        closed = true;
        startDraining(status);
        why = status;
        for (ClientEnd call : List.copyOf(calls)) {
            call.connectionLost(status);
        }
        server.forget(this);
        checkGone();
    }

    /** Answers that were given before the end may still be read; the client hears of the end behind them. */
    private void checkGone() {
        if (closed && !gone && calls.isEmpty()) {
            gone = true;
            listener.onClosed(why);
            InProcessThreads.release();
        }
    }

    @Override
    public String toString() {
        return "InProcessConnection[" + peer.local() + ", " + calls.size() + " calls]";
    }
}
