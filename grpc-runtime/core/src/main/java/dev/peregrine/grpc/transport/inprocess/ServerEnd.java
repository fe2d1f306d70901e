// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.inprocess;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.ServerStream;
import dev.peregrine.grpc.transport.ServerStreamListener;
import dev.peregrine.grpc.wire.RequestHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of a call.
 *
 * <pre>
 *   accepted ──▶ (headers) ──▶ messages ──▶ trailers ──▶ finished
 *      │              │            │                        ▲
 *      └──────────────┴────────────┴── caller gone, ────────┘
 *                                      deadline, connection lost
 * </pre>
 *
 * <p>Whatever ends the call is told here before the caller hears of it: whoever knows that a call has ended may rely on
 * its handler having been told.
 *
 * <p>Belongs to the connection's thread; the methods of the waist post to it.
 */
final class ServerEnd implements ServerStream {

    private static final System.Logger LOG = System.getLogger(ServerEnd.class.getName());

    private final InProcessConnection connection;
    private final ConnectionThread thread;
    private final ClientEnd client;

    private @Nullable ServerStreamListener listener;
    private @Nullable ScheduledFuture<?> deadlineTimer;
    private boolean headersSent;
    private boolean halfClosedTold;
    private boolean finished;

    ServerEnd(InProcessConnection connection, ClientEnd client) {
        this.connection = connection;
        this.thread = connection.thread();
        this.client = client;
    }

    // ---- the waist, on any thread ----

    @Override
    public Peer peer() {
        return connection.peerOfCalls();
    }

    @Override
    public void reply(Metadata headers, OutboundMessage<?> message, Metadata trailers) {
        ByteBuf framed = frame(message);
        if (framed != null) {
            thread.post(framed, bytes -> {
                sendHeaders(headers);
                send(bytes);
                finishWith(Status.OK, trailers, null);
            });
        }
    }

    @Override
    public void headers(Metadata headers) {
        thread.post(() -> sendHeaders(headers));
    }

    @Override
    public void write(OutboundMessage<?> message) {
        ByteBuf framed = frame(message);
        if (framed != null) {
            thread.post(framed, this::send);
        }
    }

    @Override
    public void end(Status status, Metadata trailers) {
        thread.post(() -> finishWith(status, trailers, null));
    }

    @Override
    public void request(int messages) {
        thread.post(() -> demand(messages));
    }

    @Override
    public boolean isReady() {
        return client.responses().hasRoom();
    }

    /** The bytes of a response; null, and the call ends, if there are none to be had. */
    private @Nullable ByteBuf frame(OutboundMessage<?> message) {
        try {
            return client.responses().frame(message);
        } catch (RuntimeException | Error unencodable) {
            LOG.log(System.Logger.Level.ERROR, "a response could not be encoded", unencodable);
            thread.post(() -> abandon(Status.of(StatusCode.INTERNAL, "the response could not be encoded")));
            return null;
        }
    }

    // ---- from the caller ----

    void accept(RequestHeaders head) {
        listener = connection.acceptor().accept(head, this);
        connection.accepted();
        if (head.timeoutNanos() >= 0) {
            deadlineTimer = thread.schedule(() -> abandon(deadlinePassed()), head.timeoutNanos());
        }
        checkHalfClosed();
    }

    void receive(ByteBuf message, boolean compressed) {
        if (listener != null && !finished) {
            listener.onMessage(message, compressed);
        }
    }

    private void demand(int messages) {
        try {
            client.requests().request(messages);
            checkHalfClosed();
        } catch (StatusException tooLarge) {
            broken(tooLarge.status());
        }
    }

    void checkHalfClosed() {
        if (listener != null
                && !finished
                && !halfClosedTold
                && client.requests().isDrained()) {
            halfClosedTold = true;
            listener.onHalfClosed();
        }
    }

    /** A request breaks the rules; before the call has reached the server, it ends without it. */
    void broken(Status why) {
        if (listener == null) {
            client.end(why);
        } else {
            abandon(why);
        }
    }

    /** The caller wants no answer any more. */
    void callerGone(Status why) {
        leave(
                why.code() == StatusCode.DEADLINE_EXCEEDED
                        ? deadlinePassed()
                        : Status.of(StatusCode.CANCELLED, "the client cancelled the call"));
    }

    void connectionLost(Status why) {
        leave(why);
    }

    private static Status deadlinePassed() {
        return Status.of(StatusCode.DEADLINE_EXCEEDED, "the deadline passed while the server was at work");
    }

    // ---- towards the caller ----

    private void sendHeaders(Metadata headers) {
        if (!finished && !headersSent) {
            headersSent = true;
            client.headers(Fields.response(headers));
        }
    }

    private void send(ByteBuf framed) {
        try {
            client.responses().write(framed); // Which drops it if nobody is there to read.
        } catch (StatusException tooLarge) {
            client.broken(tooLarge.status());
        }
    }

    void onRoom() {
        if (listener != null && !finished) {
            listener.onReady();
        }
    }

    /** The server gives the call up; the caller hears why. */
    void abandon(Status why) {
        finishWith(why, Metadata.EMPTY, why);
    }

    // ---- the end ----

    /**
     * @param failure null if this is the answer the handler gave; else why it was not waited for
     */
    private void finishWith(Status status, Metadata trailers, @Nullable Status failure) {
        if (!finished) {
            finish(failure);
            client.responses().end();
            client.answered(Fields.trailers(!headersSent, status, trailers));
        }
    }

    /** There is nobody to answer. */
    private void leave(Status why) {
        if (listener != null && !finished) {
            finish(why);
        }
    }

    private void finish(@Nullable Status failure) {
        finished = true;
        if (deadlineTimer != null) {
            deadlineTimer.cancel(false);
        }
        client.requests().close();
        connection.endedAtServer();
        if (listener != null) {
            listener.onClosed(failure);
        }
    }
}
