// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientConnection;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ConnectionListener;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.Resend;
import dev.peregrine.grpc.wire.ErrorCode;
import dev.peregrine.grpc.wire.StatusMapping;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a connection: opens calls as far as the server allows, holds the others, and hears when the server
 * goes away.
 *
 * <pre>
 *   taking calls ── channel shut down ──▶ finishing: those that wait are opened yet
 *        │                                    │
 *        └────────────────────────────────────┴── GOAWAY, idle, error ──▶ draining: no call is opened any more
 * </pre>
 */
final class ClientRole implements Role, ClientConnection {

    private enum Life {
        TAKING,
        FINISHING,
        DRAINING
    }

    private final Connection connection;
    private final ConnectOptions options;
    private final KeepAlivePace pace;
    private final KeepAlivePings keepAlive;
    private final IdleWatch idleWatch;
    private final ConnectionListener listener;

    /**
     * Calls that wait for one of the server's concurrent streams (RFC 9113 §5.1.2), or for the socket, in their order. A set:
     * they are cancelled from the midst of it.
     */
    private final Set<ClientCallStream> waiting = new LinkedHashSet<>();

    /** RFC 9113 §5.1.1: odd, ascending, and no more than an int holds; when they run out a new connection is needed. */
    private long nextStreamId = 1;

    private Life life = Life.TAKING;
    private boolean openingWaiting;

    /** Streams that are over, and wait only for the application to read them. */
    private int unread;

    private Status goneStatus = Status.of(StatusCode.UNAVAILABLE, "the connection takes no more calls");

    ClientRole(Connection connection, ConnectOptions options, KeepAlivePace pace, ConnectionListener listener) {
        this.connection = connection;
        this.options = options;
        this.pace = pace;
        this.keepAlive =
                new KeepAlivePings(connection, pace.policy(), pace.time(), StatusCode.UNAVAILABLE, this::hasCalls);
        this.idleWatch = new IdleWatch(connection, this, options.idleTimeout(), this::idleForTooLong);
        this.listener = listener;
    }

    ConnectOptions options() {
        return options;
    }

    @Override
    public boolean speaksFirst() {
        return true;
    }

    @Override
    public void greet() {
        connection.output().raw(Preface.CLIENT);
        connection
                .output()
                .settings(
                        Http2CodecUtil.SETTINGS_ENABLE_PUSH,
                        0,
                        Http2CodecUtil.SETTINGS_MAX_CONCURRENT_STREAMS,
                        0,
                        Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE,
                        connection.windows().ofStreams(),
                        Http2CodecUtil.SETTINGS_MAX_HEADER_LIST_SIZE,
                        connection.limits().maxMetadataSize());
    }

    @Override
    public void handshakeDone() {
        keepAlive.start();
        idleWatch.start();
        listener.onReady(this);
    }

    // ---- opening calls ----

    @Override
    @AnyThread
    public ClientStream open(CallHead head, @Nullable OutboundMessage<?> sole, int demand, ClientStreamListener calls) {
        ClientCallStream stream = new ClientCallStream(this, connection, head, sole, calls);
        if (connection.mayActNow()) {
            admit(stream, demand);
            connection.flushSoon();
            return stream;
        }
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                admit(stream, demand);
            }

            @Override
            void discard() {
                stream.fail(goneStatus, Resend.FREELY);
            }
        });
        return stream;
    }

    private void admit(ClientCallStream stream, int demand) {
        if (stream.isFinished()) {
            return; // Cancelled while it was under way to the event loop.
        }
        if (life != Life.TAKING) {
            stream.fail(goneStatus, Resend.FREELY);
            return;
        }
        stream.addDemand(demand);
        stream.admitted();
        if (waiting.isEmpty() && mayOpen()) {
            openNow(stream);
        } else if (waiting.size() < connection.limits().maxWaitingCalls()) {
            waiting.add(stream);
            openWaiting(); // There may be room already, which those that wait have not been told of.
        } else {
            stream.fail(
                    Status.of(
                            StatusCode.RESOURCE_EXHAUSTED,
                            waiting.size()
                                    + " calls wait for the server already, more may not; raise the channel's limit"
                                    + " maxWaitingCalls, or make fewer calls at once"),
                    Resend.NEVER);
        }
    }

    /** Whether the server lets us open a call, and reads what we write: else headers would pile up before the socket. */
    private boolean mayOpen() {
        return connection.openStreams() - unread < connection.peer().maxConcurrentStreams()
                && connection.output().isWritable();
    }

    private void openNow(ClientCallStream stream) {
        Status refusal = connection.fieldListLimit().refusal(stream.head(), options);
        if (refusal != null) {
            stream.fail(refusal, Resend.NEVER);
            return;
        }
        int id = (int) nextStreamId;
        nextStreamId += 2;
        if (nextStreamId > Integer.MAX_VALUE) {
            goneStatus = Status.of(StatusCode.UNAVAILABLE, "the connection has used up its stream numbers");
            startDraining();
        }
        stream.open(id); // Last: a request that cannot be encoded ends the call here, and lets the next one in.
    }

    /** Not within itself: a call that ends as it is opened lets the next one in, and there may be thousands of them. */
    private void openWaiting() {
        if (openingWaiting) {
            return;
        }
        openingWaiting = true;
        try {
            while (life != Life.DRAINING && !waiting.isEmpty() && mayOpen()) {
                ClientCallStream next = waiting.iterator().next();
                waiting.remove(next);
                openNow(next);
            }
        } finally {
            openingWaiting = false;
        }
    }

    /** The application has as many more, or fewer, answers to read that are complete. */
    void unread(int change) {
        unread += change;
        if (change > 0) {
            openWaiting();
        }
    }

    private boolean hasCalls() {
        return connection.openStreams() > 0 || !waiting.isEmpty();
    }

    void cancelledWhileWaiting(ClientCallStream stream) {
        waiting.remove(stream);
        closeIfIdle();
    }

    @Override
    public void settingsChanged() {
        openWaiting();
    }

    @Override
    public void lineIsFree() {
        openWaiting();
    }

    @Override
    public void streamEnded() {
        openWaiting();
        closeIfIdle();
    }

    // ---- answers ----

    @Override
    public void headers(int streamId, HeaderSink headers, boolean endStream) {
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            ((ClientCallStream) stream).headers(headers, endStream);
        } else if (!wasUsed(streamId)) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "HEADERS came for idle stream " + streamId);
        }
        // Else the call ended here while the answer was under way.
    }

    @Override
    public void headersTooLarge(int streamId, boolean endStream) {
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            stream.broken(Status.of(
                    StatusCode.RESOURCE_EXHAUSTED,
                    "the response's metadata is larger than the allowed "
                            + connection.limits().maxMetadataSize() + " bytes"));
        }
    }

    @Override
    public boolean wasUsed(int streamId) {
        return (streamId & 1) == 1 && streamId < nextStreamId;
    }

    @Override
    public void ping() {}

    @Override
    public void pingAck(long payload) {}

    // ---- the end ----

    @Override
    public void goAway(int lastStreamId, long errorCode, String debug) {
        String text = "the server asked us to go elsewhere";
        goneStatus = errorCode == ErrorCode.NO_ERROR
                ? Status.of(StatusCode.UNAVAILABLE, text)
                : Status.of(
                        StatusCode.UNAVAILABLE,
                        StatusMapping.ofHttp2Error(errorCode, text + " (" + debug + ")")
                                .description());
        pace.serverLeft(errorCode, debug, connection);
        startDraining();
        for (Http2Stream stream : connection.streamsSnapshot()) {
            if (stream.id() > lastStreamId) {
                ((ClientCallStream) stream).fail(goneStatus, Resend.ONCE);
            }
        }
        closeIfIdle();
    }

    private void idleForTooLong() {
        goneStatus = Status.of(StatusCode.UNAVAILABLE, "the connection was idle for too long");
        startDraining();
        closeIfIdle();
    }

    @Override
    public int lastStreamId() {
        return (int) nextStreamId;
    }

    @Override
    public boolean isIdle() {
        return connection.openStreams() == 0 && waiting.isEmpty() && connection.mayActNow();
    }

    @Override
    public void ending(Status why) {
        keepAlive.stop();
        idleWatch.stop();
        if (life != Life.DRAINING) {
            // Calls that have not left have no part in what broke the connection.
            goneStatus = why.code() == StatusCode.UNAVAILABLE
                    ? why
                    : Status.of(StatusCode.UNAVAILABLE, why.description()).withCause(why.cause());
            startDraining();
        }
    }

    private void startDraining() {
        if (life != Life.DRAINING) {
            takeNoMore(Life.DRAINING);
            List<ClientCallStream> unsent = List.copyOf(waiting);
            waiting.clear();
            for (ClientCallStream stream : unsent) {
                stream.fail(goneStatus, Resend.FREELY);
            }
        }
    }

    private void takeNoMore(Life now) {
        boolean news = life == Life.TAKING;
        life = now;
        if (news) {
            listener.onDraining();
        }
    }

    private void closeIfIdle() {
        if (life != Life.TAKING && !hasCalls()) {
            // Not in the middle of what ended the last call: it may have frames to send yet.
            connection.loop().execute(() -> connection.farewell().close(ErrorCode.NO_ERROR, goneStatus));
        }
    }

    @Override
    @AnyThread
    public void shutdown() {
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                if (life == Life.TAKING) {
                    goneStatus = Status.of(StatusCode.UNAVAILABLE, "the channel is shut down");
                    takeNoMore(Life.FINISHING);
                    closeIfIdle();
                }
            }
        });
    }

    @Override
    @AnyThread
    public void shutdownNow(Status why) {
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                goneStatus = why;
                startDraining();
                for (Http2Stream stream : connection.streamsSnapshot()) {
                    ((ClientCallStream) stream).cancel(why);
                }
                connection.farewell().closeSoon(why, Farewell.FORCED_MILLIS);
            }
        });
    }

    @Override
    public void closed(Status why) {
        listener.onClosed(why);
    }

    @Override
    public int lastAccepted() {
        return 0;
    }
}
