// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.ConnectionPolicy;
import dev.peregrine.grpc.transport.ServerStreamListener;
import dev.peregrine.grpc.wire.ErrorCode;
import dev.peregrine.grpc.wire.RequestHeaders;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of a connection: takes calls, and goes away gently.
 *
 * <pre>
 *   open ── drain ──▶ announced (GOAWAY 2^31-1, PING) ── PING ack, or 10 s ──▶ draining (GOAWAY n) ── no calls ──▶ closed
 * </pre>
 *
 * Between the two GOAWAYs calls are still taken: they were under way when the client had not heard yet (RFC 9113 §6.8).
 */
final class ServerRole implements Role {

    /** Any number will do; this one is "peregrin" in ASCII. */
    private static final long DRAIN_PING = 0x7065726567726e65L;

    /** A client that does not answer the ping of a drain gets no more time than gRPC servers commonly give. */
    private static final long DRAIN_PING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Connection connection;
    private final CallAcceptor acceptor;
    private final Consumer<Connection> onClosed;
    private final KeepAlivePings keepAlive;
    private final PingEnforcement enforcement;
    private final IdleWatch idleWatch;
    private final LifeSpan lifeSpan;

    private @Nullable Peer peer;
    private int lastAccepted;

    /** The last stream that came behind the GOAWAY which says how far we went. */
    private int lastDropped;

    /** Calls that are over while a thread still works for them: they count as open, or resets would buy threads. */
    private int busyBeyondEnd;

    /** One object for the connection, as every call that ends comes by. */
    private final Runnable oneIsFree;

    private boolean announced;
    private boolean draining;
    private String drainReason = "";
    private @Nullable Future<?> drainTimer;

    ServerRole(Connection connection, ConnectionPolicy policy, CallAcceptor acceptor, Consumer<Connection> onClosed) {
        this.connection = connection;
        this.keepAlive = new KeepAlivePings(
                connection,
                policy.keepAlive(),
                policy.keepAlive().time(),
                StatusCode.CANCELLED,
                () -> connection.openStreams() > 0);
        this.enforcement = new PingEnforcement(policy);
        this.idleWatch = new IdleWatch(connection, this, policy.maxIdle(), () -> drain("max_idle"));
        this.lifeSpan = new LifeSpan(connection, this, policy);
        this.acceptor = acceptor;
        this.onClosed = onClosed;
        this.oneIsFree = () -> connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                busyBeyondEnd--;
            }
        });
    }

    @Override
    public boolean speaksFirst() {
        return false;
    }

    @Override
    public void greet() {
        connection
                .output()
                .settings(
                        Http2CodecUtil.SETTINGS_MAX_CONCURRENT_STREAMS,
                                connection.limits().maxConcurrentCalls(),
                        Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE,
                                connection.windows().ofStreams(),
                        Http2CodecUtil.SETTINGS_MAX_HEADER_LIST_SIZE,
                                connection.limits().maxMetadataSize());
    }

    @Override
    public void handshakeDone() {
        peer = connection.peerOfCalls();
        connection.noteTimes(); // Calls are as old as the read that brought them.
        keepAlive.start();
        idleWatch.start();
        lifeSpan.start();
    }

    @Override
    public void settingsChanged() {}

    @Override
    public void lineIsFree() {}

    @Override
    public void headers(int streamId, HeaderSink headers, boolean endStream) {
        Http2Stream open = connection.stream(streamId);
        if (open != null) {
            trailers(open, headers, endStream);
        } else if (isNew(streamId)) {
            newCall(streamId, headers, endStream);
        }
    }

    /** Clients of gRPC send no trailers, but HTTP/2 lets them; they say nothing and end the request. */
    private void trailers(Http2Stream stream, HeaderSink headers, boolean endStream) {
        String malformed = RequestRules.malformedTrailers(headers);
        if (malformed != null && stream.halves.isRemoteOpen()) {
            connection.resetStream(stream, ErrorCode.PROTOCOL_ERROR, malformed);
        } else if (stream.halves.remoteHeaders(endStream)) {
            stream.remoteEnded();
        } else {
            long code = stream.halves.isRemoteClosed() ? ErrorCode.STREAM_CLOSED : ErrorCode.PROTOCOL_ERROR;
            connection.resetStream(stream, code, "a second header block came that does not end the request");
        }
    }

    /** Whether this block opens a stream that we take; RFC 9113 §5.1.1 says which may. */
    private boolean isNew(int streamId) {
        if ((streamId & 1) == 0) {
            throw new ConnectionError(
                    ErrorCode.PROTOCOL_ERROR, "stream " + streamId + " is even; clients open odd ones");
        }
        if (streamId <= lastAccepted) {
            if (connection.wasReset(streamId)) {
                return false; // Trailers that were under way when we reset the stream.
            }
            throw new ConnectionError(
                    streamId == lastAccepted ? ErrorCode.STREAM_CLOSED : ErrorCode.PROTOCOL_ERROR,
                    "HEADERS came for stream " + streamId + ", which is closed since " + lastAccepted + " was opened");
        }
        if (draining) {
            lastDropped = Math.max(lastDropped, streamId);
            connection.rememberReset(streamId);
            return false; // Beyond the GOAWAY that the client now knows: it will try elsewhere (RFC 9113 §6.8).
        }
        lastAccepted = streamId;
        return true;
    }

    private void newCall(int streamId, HeaderSink headers, boolean endStream) {
        connection.unreadGuard().call(connection.output().isWritable());
        if (isBeyondLimit() && connection.areSettingsAcknowledged()) {
            connection.resetStream(streamId, ErrorCode.REFUSED_STREAM);
            return;
        }
        if (isBeyondLimit() || isOverworked()) {
            connection.output().rstStream(streamId, ErrorCode.REFUSED_STREAM); // Which the client could not know.
            connection.rememberReset(streamId);
            return;
        }
        RequestHeaders head = headers.request();
        if (RequestRules.malformed(headers) != null || (endStream && head.contentLength() > 0)) {
            connection.resetStream(streamId, ErrorCode.PROTOCOL_ERROR);
            return;
        }
        Refusal refusal = RequestRules.refusal(head);
        if (refusal != null) {
            refuse(streamId, refusal, endStream);
            return;
        }
        Peer from = peer;
        if (from == null) {
            throw new IllegalStateException("a call before the handshake");
        }
        ServerCallStream stream = new ServerCallStream(this, connection, streamId, from);
        connection.add(stream);
        stream.halves.remoteHeaders(endStream);
        stream.expectBody(head.contentLength());
        stream.attach(acceptor.accept(head, stream), head.timeoutNanos());
        if (endStream) {
            stream.remoteEnded();
        }
    }

    /** Whether this client has as many calls open as our SETTINGS allow. */
    private boolean isBeyondLimit() {
        return connection.openStreams() >= connection.limits().maxConcurrentCalls();
    }

    /** Whether this client's earlier calls cost too much still: threads, or memory for answers it does not fetch. */
    private boolean isOverworked() {
        return connection.openStreams() + busyBeyondEnd >= connection.limits().maxConcurrentCalls()
                || connection.unsent().isMoreThanHalfFull();
    }

    /** A call is over, and its listener knows. */
    void callClosed(ServerStreamListener listener) {
        if (listener.isStillBusy(oneIsFree)) {
            busyBeyondEnd++;
        }
    }

    private void refuse(int streamId, Refusal refusal, boolean endStream) {
        byte[] text = (refusal.status().description() + "\n").getBytes(StandardCharsets.UTF_8);
        int maxFrame = connection.peer().maxFrameSize();
        if (hasRoomFor(text)) {
            connection.headerBlocks().refusal(streamId, refusal, false, maxFrame);
            connection.output().text(streamId, text);
            connection.sendWindow().take(text.length);
        } else {
            connection.headerBlocks().refusal(streamId, refusal, true, maxFrame);
        }
        if (!endStream) {
            connection.output().rstStream(streamId, ErrorCode.NO_ERROR);
        }
        connection.rememberReset(streamId);
    }

    /** Whether the windows let this text through at once: a stream that is refused is not kept for its sake. */
    private boolean hasRoomFor(byte[] text) {
        return text.length <= connection.peer().initialWindow()
                && text.length <= connection.sendWindow().available()
                && text.length <= connection.peer().maxFrameSize();
    }

    @Override
    public void headersTooLarge(int streamId, boolean endStream) {
        Http2Stream open = connection.stream(streamId);
        if (open != null) {
            connection.resetStream(open, ErrorCode.PROTOCOL_ERROR, "trailers are too large");
        } else if (isNew(streamId)) {
            int limit = connection.limits().maxMetadataSize();
            refuse(
                    streamId,
                    new Refusal(
                            431,
                            Status.of(
                                    StatusCode.RESOURCE_EXHAUSTED,
                                    "the request's metadata is larger than the allowed " + limit + " bytes")),
                    endStream);
            connection.resetGuard().reset();
        }
    }

    @Override
    public boolean wasUsed(int streamId) {
        return (streamId & 1) == 1 && streamId <= Math.max(lastAccepted, lastDropped);
    }

    /** The client will open no more calls; those that are open go on. */
    @Override
    public void goAway(int lastStreamId, long errorCode, String debug) {}

    // ---- going away ----

    /**
     * Tells the client to open its next calls elsewhere, and closes when those that are open have ended.
     *
     * @param why what the GOAWAY says of the reason
     */
    void drain(String why) {
        if (announced) {
            return;
        }
        announced = true;
        drainReason = why;
        connection.greeting().say();
        connection.output().goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR, why);
        connection.output().ping(false, DRAIN_PING);
        drainTimer = connection.later(this::stopTaking, DRAIN_PING_NANOS);
        connection.flushSoon();
    }

    @Override
    public void pingAck(long payload) {
        if (payload == DRAIN_PING && announced) {
            stopTaking();
        }
    }

    private void stopTaking() {
        if (draining) {
            return;
        }
        draining = true;
        if (drainTimer != null) {
            drainTimer.cancel(false);
        }
        if (connection.openStreams() == 0) {
            close();
        } else {
            connection.output().goAway(lastAccepted, ErrorCode.NO_ERROR, drainReason);
            connection.flushSoon();
        }
    }

    /** The grace is over: answers every call with UNAVAILABLE and this text, and closes. */
    void shutdownNow(String text) {
        draining = true;
        Status why = Status.of(StatusCode.UNAVAILABLE, text);
        for (Http2Stream stream : connection.streamsSnapshot()) {
            ((ServerCallStream) stream).abandon(why);
        }
        connection.farewell().closeSoon(why, Farewell.FORCED_MILLIS);
    }

    private void close() {
        connection.farewell().close(ErrorCode.NO_ERROR, Status.of(StatusCode.UNAVAILABLE, drainReason));
    }

    @Override
    public void streamEnded() {
        if (draining && connection.openStreams() == 0) {
            // Not in the middle of what ended the stream: its last frames are yet to be written.
            connection.loop().execute(this::close);
        }
    }

    @Override
    public void ending(Status why) {
        keepAlive.stop();
        idleWatch.stop();
        lifeSpan.stop();
    }

    @Override
    public void closed(Status why) {
        if (drainTimer != null) {
            drainTimer.cancel(false);
        }
        onClosed.accept(connection);
    }

    @Override
    public void ping() {
        enforcement.ping(
                connection.clock().nanos(),
                connection.openStreams() > 0,
                connection.output().callFrames());
    }

    @Override
    public int lastStreamId() {
        return lastAccepted;
    }

    @Override
    public boolean isIdle() {
        return connection.openStreams() == 0;
    }

    @Override
    public int lastAccepted() {
        return lastAccepted;
    }
}
