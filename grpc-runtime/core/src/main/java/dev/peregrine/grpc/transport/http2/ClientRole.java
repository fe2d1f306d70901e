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
import dev.peregrine.grpc.wire.ErrorCode;
import dev.peregrine.grpc.wire.StatusMapping;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a connection: opens calls as far as the server allows, holds the others, and hears when the server
 * goes away.
 */
final class ClientRole implements Role, ClientConnection {

    private final Connection connection;
    private final ConnectOptions options;
    private final KeepAlivePace pace;
    private final KeepAlivePings keepAlive;
    private final IdleWatch idleWatch;
    private final ConnectionListener listener;

    /** Calls that wait for one of the server's concurrent streams (RFC 9113 §5.1.2), or for the socket. */
    private final Deque<ClientCallStream> waiting = new ArrayDeque<>();

    /** RFC 9113 §5.1.1: odd, ascending, and no more than an int holds; when they run out a new connection is needed. */
    private long nextStreamId = 1;

    private boolean draining;
    private Status goneStatus = Status.of(StatusCode.UNAVAILABLE, "the connection takes no more calls");

    ClientRole(Connection connection, ConnectOptions options, KeepAlivePace pace, ConnectionListener listener) {
        this.connection = connection;
        this.options = options;
        this.pace = pace;
        this.keepAlive = new KeepAlivePings(connection, pace.policy(), pace.time(), StatusCode.UNAVAILABLE);
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
                stream.fail(goneStatus, true);
            }
        });
        return stream;
    }

    private void admit(ClientCallStream stream, int demand) {
        if (stream.isFinished()) {
            return; // Cancelled while it was under way to the event loop.
        }
        if (draining) {
            stream.fail(goneStatus, true);
            return;
        }
        stream.addDemand(demand);
        stream.admitted();
        if (mayOpen()) {
            openNow(stream);
        } else if (waiting.size() < connection.limits().maxWaitingCalls()) {
            waiting.add(stream);
        } else {
            stream.fail(
                    Status.of(
                            StatusCode.RESOURCE_EXHAUSTED,
                            waiting.size()
                                    + " calls wait for the server already, more may not; raise the channel's limit"
                                    + " maxWaitingCalls, or make fewer calls at once"),
                    true);
        }
    }

    /** Whether the server lets us open a call, and reads what we write: else headers would pile up before the socket. */
    private boolean mayOpen() {
        return connection.openStreams() < connection.peer().maxConcurrentStreams()
                && connection.output().isWritable();
    }

    private void openNow(ClientCallStream stream) {
        Status refusal = connection.fieldListLimit().refusal(stream.head(), options);
        if (refusal != null) {
            stream.fail(refusal, false);
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

    private void openWaiting() {
        while (!draining && mayOpen()) {
            ClientCallStream next = waiting.poll();
            if (next == null) {
                return;
            }
            openNow(next);
        }
    }

    void cancelledWhileWaiting(ClientCallStream stream) {
        waiting.remove(stream);
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
        if (draining) {
            closeIfIdle();
        } else {
            openWaiting();
        }
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
                ((ClientCallStream) stream).fail(goneStatus, true);
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
    public boolean isDraining() {
        return draining;
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
        if (!draining) {
            goneStatus = why;
            startDraining();
        }
    }

    private void startDraining() {
        if (!draining) {
            draining = true;
            listener.onDraining();
            for (ClientCallStream stream : new ArrayList<>(waiting)) {
                stream.fail(goneStatus, true);
            }
            waiting.clear();
        }
    }

    private void closeIfIdle() {
        if (draining && connection.openStreams() == 0) {
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
                goneStatus = Status.of(StatusCode.UNAVAILABLE, "the channel is shut down");
                startDraining();
                closeIfIdle();
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
