// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Ticker;
import dev.peregrine.grpc.transport.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection: the streams it carries, the windows and settings it shares, and how it lives and dies. What
 * frames mean is {@link FrameHandler}'s business, what the two ends do differently their {@link Role}'s.
 *
 * <pre>
 *   channel active ──▶ greeting ──▶ peer's SETTINGS ──▶ open ──▶ draining ──▶ closed
 *                          │               │              │          │           ▲
 *                          └───────────────┴──────────────┴──────────┴───────────┘
 *                               error (GOAWAY), handshake timeout, socket lost
 * </pre>
 *
 * <p>Confined to the event loop of its channel, but for {@link #post}.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    /** How long a peer that broke the rules may take to hear so. */
    private static final long LINGER_MILLIS = 1000;

    /** How long a client may take to receive the last answers once the socket has them, and to close its end. */
    private static final long FAREWELL_MILLIS = 10_000;

    private final Channel channel;
    private final Limits limits;
    private final boolean server;
    private final Role role;
    private final Mailbox mailbox;

    private final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>();
    private final ResetMemory resets = new ResetMemory();
    private final PeerSettings peer = new PeerSettings();
    private final SendWindow sendWindow = new SendWindow(SendWindow.INITIAL);
    private final SharedReceiveWindow receiveWindow;
    private final FloodGuard guard;
    private final FrameInput input;

    private @Nullable FrameOutput output;
    private @Nullable HeaderBlocks headerBlocks;
    private @Nullable SendScheduler scheduler;
    private final HpackEncoder hpack = new HpackEncoder();

    private @Nullable ScheduledFuture<?> handshakeTimer;
    private boolean greeted;
    private boolean settingsAcknowledged;
    private boolean batching;
    private boolean flushScheduled;
    private boolean closing;
    private @Nullable Status closeReason;

    /** Set when the socket is gone; streams whose answers are being read may outlive it. */
    private @Nullable Status lost;

    /**
     * @param server whether this is the server's end
     */
    Connection(Channel channel, Limits limits, boolean server, Function<Connection, Role> role) {
        this.channel = channel;
        this.limits = limits;
        this.server = server;
        this.mailbox = new Mailbox(channel.eventLoop(), this);
        this.receiveWindow = new SharedReceiveWindow(limits.connectionWindow());
        this.guard = new FloodGuard(limits, Ticker.SYSTEM, server);
        this.role = role.apply(this);
        this.input = new FrameInput(
                HeaderDecoder.create(server, limits.maxMetadataSize()),
                new Preface(server),
                new FrameHandler(this, this.role, guard, receiveWindow));
    }

    // ---- the parts, for those who work on this connection ----

    Limits limits() {
        return limits;
    }

    PeerSettings peer() {
        return peer;
    }

    SendWindow sendWindow() {
        return sendWindow;
    }

    FloodGuard guard() {
        return guard;
    }

    FrameOutput output() {
        return ready(output);
    }

    HeaderBlocks headerBlocks() {
        return ready(headerBlocks);
    }

    SendScheduler scheduler() {
        return ready(scheduler);
    }

    HpackEncoder hpack() {
        return hpack;
    }

    @AnyThread
    ByteBufAllocator alloc() {
        return channel.alloc();
    }

    @AnyThread
    EventLoop loop() {
        return channel.eventLoop();
    }

    /**
     * Whether the running thread may act on a stream at once. Otherwise it posts: because it is not the event loop, or
     * because another thread has posted what must come first.
     */
    @AnyThread
    boolean mayActNow() {
        return channel.eventLoop().inEventLoop() && mailbox.isEmpty();
    }

    /** Hands something over to the event loop. */
    @AnyThread
    void post(Mailbox.Letter letter) {
        mailbox.post(letter);
    }

    Peer peerOfCalls() {
        return new Peer(channel.remoteAddress(), channel.localAddress(), null);
    }

    // ---- streams ----

    @Nullable
    Http2Stream stream(int id) {
        return streams.get(id);
    }

    int openStreams() {
        return streams.size();
    }

    void add(Http2Stream stream) {
        streams.put(stream.id(), stream);
    }

    /** The stream has ended. */
    void forget(Http2Stream stream) {
        if (stream.id() != 0 && streams.remove(stream.id()) != null) {
            role.streamEnded();
            if (lost != null && streams.isEmpty()) {
                role.closed(lost);
            }
        }
    }

    Iterable<Http2Stream> streamsSnapshot() {
        return new ArrayList<>(streams.values());
    }

    /** We reset this stream: frames of it that are under way are lawful, and dropped. */
    void rememberReset(int streamId) {
        resets.add(streamId);
    }

    boolean wasReset(int streamId) {
        return resets.contains(streamId);
    }

    /** The peer broke the rules of one stream (RFC 9113 §5.4.2). */
    void resetStream(Http2Stream stream, long errorCode, String why) {
        stream.halves.reset();
        if (!wasReset(stream.id())) { // It may outlive its reset: what it has heard whole is still to be read.
            resetStream(stream.id(), errorCode);
        }
        stream.connectionLost(Status.of(StatusCode.INTERNAL, "HTTP/2 stream error: " + why));
    }

    void resetStream(int streamId, long errorCode) {
        guard.streamReset();
        output().rstStream(streamId, errorCode);
        rememberReset(streamId);
    }

    /** The peer has heard of our SETTINGS, and goes by them from now on. */
    void settingsAcknowledged() {
        settingsAcknowledged = true;
    }

    boolean areSettingsAcknowledged() {
        return settingsAcknowledged;
    }

    /** DATA has come, for whatever stream. */
    void arrived(int bytes) {
        tellWindow(receiveWindow.arrived(bytes));
    }

    /** Received bytes are taken, or dropped. */
    void giveBack(int bytes) {
        tellWindow(receiveWindow.taken(bytes));
    }

    /** Bytes that have come and that no stream has given back. */
    long unreadBytes() {
        return receiveWindow.unread();
    }

    private void tellWindow(int increment) {
        if (increment > 0 && !closing) {
            output().windowUpdate(0, increment);
        }
    }

    // ---- reading ----

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        FrameOutput frames = new FrameOutput(ctx);
        output = frames;
        headerBlocks = new HeaderBlocks(frames, hpack);
        scheduler = new SendScheduler(frames, sendWindow, peer);
        if (ctx.channel().isActive()) {
            start();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        start();
    }

    private void start() {
        if (handshakeTimer != null) {
            return;
        }
        handshakeTimer = loop().schedule(
                        this::handshakeTimedOut, limits.handshakeTimeout().toNanos(), TimeUnit.NANOSECONDS);
        if (role.speaksFirst()) {
            greet();
            flush();
        }
    }

    /** Says what each end has to say first, unless it is said already. */
    void greet() {
        if (greeted) {
            return;
        }
        greeted = true;
        role.greet();
        // SETTINGS cannot set the connection's window, so WINDOW_UPDATE does (RFC 9113 §6.9.2).
        int more = limits.connectionWindow() - SendWindow.INITIAL;
        if (more > 0) {
            output().windowUpdate(0, more);
        }
    }

    /** The peer has said its first words. */
    void handshakeDone() {
        if (handshakeTimer != null) {
            handshakeTimer.cancel(false);
            handshakeTimer = null;
        }
        role.handshakeDone();
    }

    private void handshakeTimedOut() {
        String text = "no HTTP/2 settings came within " + limits.handshakeTimeout();
        LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", channel, text);
        close(ErrorCode.NO_ERROR, Status.of(StatusCode.UNAVAILABLE, text));
        loop().schedule(this::abort, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        if (closing) {
            ((ByteBuf) received).release();
            return;
        }
        batching = true;
        try {
            input.read(ctx, (ByteBuf) received, this::onStreamError);
        } catch (ConnectionError error) {
            onConnectionError(error);
        } catch (Preface.NotHttp2 other) {
            onNotHttp2(other);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        endBatch();
    }

    private void onStreamError(Http2Exception.StreamException error) {
        if (handshakeTimer
                != null) { // RFC 9113 §3.4: nothing counts before the peer's SETTINGS, not even its mistakes.
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "the first frame is not SETTINGS");
        }
        int streamId = error.streamId();
        if (error instanceof Http2Exception.HeaderListSizeException) {
            role.headersTooLarge(streamId);
            return;
        }
        Http2Stream stream = stream(streamId);
        if (stream != null) {
            resetStream(stream, error.error().code(), String.valueOf(error.getMessage()));
        } else if (role.wasUsed(streamId)) {
            if (!wasReset(streamId)) {
                resetStream(streamId, error.error().code());
            }
        } else {
            throw new ConnectionError(error.error().code(), String.valueOf(error.getMessage()));
        }
    }

    private void onConnectionError(ConnectionError error) {
        LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", channel, error.getMessage());
        close(
                error.code(),
                String.valueOf(error.getMessage()),
                Status.of(StatusCode.UNAVAILABLE, "HTTP/2 connection error: " + error.getMessage()));
    }

    private void onNotHttp2(Preface.NotHttp2 other) {
        String text = String.valueOf(other.getMessage());
        LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", channel, text);
        if (other.isHttp1()) {
            output().raw(("HTTP/1.1 505 HTTP Version Not Supported\r\nconnection: close\r\n"
                            + "content-type: text/plain; charset=utf-8\r\ncontent-length: " + (text.length() + 1)
                            + "\r\n\r\n" + text + "\n")
                    .getBytes(StandardCharsets.US_ASCII));
            closeAfterFlush(Status.of(StatusCode.UNAVAILABLE, text), true);
        } else {
            close(ErrorCode.PROTOCOL_ERROR, text, Status.of(StatusCode.UNAVAILABLE, text));
        }
    }

    // ---- writing ----

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            guard.peerReads();
            flushSoon();
        }
    }

    /** While letters are opened, everything they write leaves together at the end. */
    void beginBatch() {
        batching = true;
    }

    void endBatch() {
        batching = false;
        flush();
    }

    /** What was written leaves at the end of the batch, or soon if none is under way. */
    void flushSoon() {
        if (!batching && !flushScheduled && !closing) {
            flushScheduled = true;
            try {
                loop().execute(() -> {
                    flushScheduled = false;
                    flush();
                });
            } catch (RejectedExecutionException loopIsGone) {
                flushScheduled = false;
            }
        }
    }

    private void flush() {
        if (!closing) {
            scheduler().run();
        }
        output().flush();
    }

    // ---- the end ----

    /** Ends the connection with GOAWAY; calls that are open end with the status. */
    void close(long errorCode, Status why) {
        close(errorCode, why.description() == null ? "" : why.description(), why);
    }

    private void close(long errorCode, String debug, Status why) {
        if (!closing) {
            greet();
            output().goAway(role.lastAccepted(), errorCode, debug);
            closeAfterFlush(why, errorCode != ErrorCode.NO_ERROR);
        }
    }

    /** Ends the connection at once; what the socket has not taken yet is lost. */
    void abort() {
        channel.close();
    }

    /**
     * Closes when the socket has taken everything. Where the last words matter, an error's or a server's, only the output
     * is closed and the input read to its end: a socket that is closed with input unread, or still arriving, takes back
     * from the network what the peer has not received yet.
     */
    private void closeAfterFlush(Status why, boolean error) {
        closing = true;
        closeReason = why;
        endStreams(why);
        output().flush();
        output().whenWritten(() -> {
            if ((error || server) && channel instanceof SocketChannel socket) {
                socket.shutdownOutput();
                loop().schedule(this::abort, FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                channel.close();
            }
        });
        if (error) {
            loop().schedule(this::abort, LINGER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void endStreams(Status why) {
        role.ending(why); // First: whoever hears of the loss may call again, and must not end up here.
        for (Http2Stream stream : streamsSnapshot()) {
            try {
                stream.connectionLost(why);
            } catch (RuntimeException | Error thrown) { // The other calls hear of it all the same.
                log("a call failed to end", thrown);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        Status why = closeReason == null
                ? Status.of(StatusCode.UNAVAILABLE, "the connection to " + channel.remoteAddress() + " was lost")
                : closeReason;
        if (handshakeTimer != null) {
            handshakeTimer.cancel(false);
        }
        endStreams(why);
        input.close();
        output().discard();
        lost = why;
        if (streams.isEmpty()) {
            role.closed(why);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof java.io.IOException) {
            LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", channel, cause);
            if (closeReason == null) {
                closeReason = Status.of(StatusCode.UNAVAILABLE, "the connection broke: " + cause.getMessage())
                        .withCause(cause);
            }
            channel.close();
        } else {
            LOG.log(System.Logger.Level.ERROR, "a connection failed and is closed: " + channel, cause);
            close(
                    ErrorCode.INTERNAL_ERROR,
                    Status.of(StatusCode.INTERNAL, "internal error").withCause(cause));
        }
    }

    void log(String what, Throwable cause) {
        LOG.log(System.Logger.Level.ERROR, what, cause);
    }

    private static <T> T ready(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the connection is used before it is in its channel's pipeline");
        }
        return part;
    }
}
