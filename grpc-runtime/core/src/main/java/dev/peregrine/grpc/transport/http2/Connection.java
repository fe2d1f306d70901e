// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.wire.GrpcHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.collection.IntObjectHashMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection: the streams it carries, the windows and settings it shares, and what is read and written. What
 * frames mean is {@link FrameHandler}'s business, what the two ends do differently their {@link Role}'s; how it begins
 * and ends is told in {@link Greeting} and {@link Farewell}.
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

    private final Channel channel;
    private final Limits limits;
    private final Clock clock;
    private final Role role;
    private final Greeting greeting;
    private final Farewell farewell;
    private final Breaches breaches;
    private final Mailbox mailbox;

    private final Tally tally;
    private final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>();
    private final ResetMemory resets = new ResetMemory();
    private final PeerSettings peer;
    private final SendWindow sendWindow = new SendWindow(SendWindow.INITIAL);
    private final SharedReceiveWindow receiveWindow;
    private final @Nullable WindowTuning tuning;
    private final ByteAccount undelivered;
    private final ByteAccount unsent;
    private final FloodGuard guard;
    private final FrameInput input;

    private @Nullable FrameOutput output;
    private @Nullable HeaderBlocks headerBlocks;
    private @Nullable SendScheduler scheduler;
    private final HpackEncoder hpack = new HpackEncoder();
    private final FieldListLimit fieldListLimit;

    private int streamWindow;
    private @Nullable ConnectionError overdone;
    private boolean settingsAcknowledged;
    private boolean notesTimes;
    private long heardAt;
    private boolean batching;
    private boolean flushScheduled;

    /**
     * @param server whether this is the server's end
     * @param role makes what this end does differently from the other
     */
    Connection(Channel channel, Limits limits, boolean server, Clock clock, Function<Connection, Role> role) {
        this.channel = channel;
        this.limits = limits;
        this.clock = clock;
        this.tally = new Tally(clock.nanos());
        this.peer = new PeerSettings(!server);
        this.fieldListLimit = new FieldListLimit(peer);
        this.mailbox = new Mailbox(channel.eventLoop(), this);
        this.receiveWindow = new SharedReceiveWindow(limits.connectionWindow(), limits.maxBufferedBytes() / 2);
        this.streamWindow = limits.streamWindow();
        this.tuning = limits.maxWindow() > streamWindow
                ? new WindowTuning(this, streamWindow, limits.connectionWindow(), limits.maxWindow())
                : null;
        this.undelivered = new ByteAccount(limits.maxBufferedBytes());
        this.unsent = new ByteAccount(limits.maxBufferedBytes());
        this.guard = new FloodGuard(limits, clock::nanos, server);
        this.role = role.apply(this);
        this.greeting = new Greeting(this, this.role);
        this.farewell = new Farewell(this, channel, this.role, server);
        this.breaches = new Breaches(this);
        FrameReader frames = new FrameReader(
                HeaderDecoder.create(server, limits.maxMetadataSize()),
                new FrameHandler(this, this.role, guard, receiveWindow));
        this.input = new FrameInput(frames, new Preface(server));
    }

    // ---- the parts, for those who work on this connection ----

    /** What is counted for those who look. */
    Tally tally() {
        return tally;
    }

    Role role() {
        return role;
    }

    /** Whether both ends have greeted, and none has said its last words. */
    boolean isOpen() {
        return greeting.isDone() && !farewell.hasBegun();
    }

    /** Runs the task once the socket is closed, whether or not it ever was open. */
    @AnyThread
    void whenSocketClosed(Runnable task) {
        channel.closeFuture().addListener(closed -> task.run());
    }

    Limits limits() {
        return limits;
    }

    PeerSettings peer() {
        return peer;
    }

    SendWindow sendWindow() {
        return sendWindow;
    }

    /** What has come of messages and is not delivered, because they are incomplete or nobody asked for them. */
    ByteAccount undelivered() {
        return undelivered;
    }

    /** What is written and waits for the peer to read. */
    ByteAccount unsent() {
        return unsent;
    }

    FloodGuard guard() {
        return guard;
    }

    Greeting greeting() {
        return greeting;
    }

    Farewell farewell() {
        return farewell;
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

    FieldListLimit fieldListLimit() {
        return fieldListLimit;
    }

    @AnyThread
    ByteBufAllocator alloc() {
        return channel.alloc();
    }

    @AnyThread
    EventLoop loop() {
        return channel.eventLoop();
    }

    Clock clock() {
        return clock;
    }

    /** From now on, {@link #heardAt} is known. */
    void noteTimes() {
        notesTimes = true;
        heardAt = clock.nanos();
    }

    /** When the peer was last heard. */
    long heardAt() {
        return heardAt;
    }

    /** Has the event loop do something after this many nanoseconds. */
    Future<?> later(Runnable task, long delayNanos) {
        return clock.schedule(
                channel.eventLoop(),
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException | Error thrown) {
                        failed("something that was due on a connection failed", thrown);
                    }
                    flushSoon();
                },
                delayNanos);
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

    /** Whether TLS has not begun to carry anything yet. */
    boolean isShakingHands() {
        return Tls.isShakingHands(channel);
    }

    Peer peerOfCalls() {
        return new Peer(SocketAddresses.remote(channel), SocketAddresses.local(channel), Tls.session(channel));
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
        tally.callStarted(heardAt);
    }

    /** The stream has ended. */
    void forget(Http2Stream stream) {
        if (stream.id() != 0 && streams.remove(stream.id()) != null) {
            role.streamEnded();
            farewell.tellIfOver();
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

    /**
     * A call ended early by its caller's doing; see {@link FloodGuard#streamReset}. Too many of them end the connection, but
     * not here, in the middle of something: before the next call is taken, or soon.
     */
    void chargeReset(long ageNanos) {
        try {
            guard.streamReset(ageNanos);
        } catch (ConnectionError tooMany) {
            overdone = tooMany;
            loop().execute(() -> breaches.onConnectionError(tooMany));
        }
    }

    /**
     * @throws ConnectionError if the peer has overdone it, and the end has not come about yet
     */
    void requireMeasure() {
        if (overdone != null) {
            throw overdone;
        }
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
        if (tuning != null) {
            tuning.arrived(bytes);
        }
    }

    /** A PING of ours was answered. */
    void pingAck(long payload) {
        if (tuning == null || !tuning.answered(payload)) {
            role.pingAck(payload);
        }
    }

    /** What a new stream may be sent ahead of its reader. */
    int streamWindow() {
        return streamWindow;
    }

    /** From now on every stream may be sent more ahead, open ones too (RFC 9113 §6.9.2). */
    void widenStreamWindows(int size, int increment) {
        streamWindow = size;
        output().settings(Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE, size);
        for (Http2Stream stream : streams.values()) {
            stream.widenReceiveWindow(increment);
        }
    }

    /** From now on the connection may be sent more ahead. */
    void widenWindow(int increment) {
        receiveWindow.widen(increment);
        output().windowUpdate(0, increment);
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
        if (increment > 0 && !farewell.hasBegun()) {
            output().windowUpdate(0, increment);
        }
    }

    // ---- reading ----

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        FrameOutput frames = new FrameOutput(ctx);
        output = frames;
        headerBlocks = new HeaderBlocks(frames, hpack, Tls.isSpoken(channel) ? GrpcHeaders.HTTPS : GrpcHeaders.HTTP);
        scheduler = new SendScheduler(frames, sendWindow, peer);
        if (ctx.channel().isActive()) {
            greeting.start();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        greeting.start();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        if (farewell.hasBegun()) {
            ((ByteBuf) received).release();
            return;
        }
        batching = true;
        if (notesTimes) {
            heardAt = clock.nanos();
        }
        try {
            input.read(ctx.alloc(), (ByteBuf) received);
        } catch (ConnectionError error) {
            breaches.onConnectionError(error);
        } catch (Preface.NotHttp2 other) {
            breaches.onNotHttp2(other);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        endBatch();
    }

    // ---- writing ----

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            guard.peerReads();
            role.lineIsFree();
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
        if (!batching && !flushScheduled && !farewell.hasBegun()) {
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

    void flush() {
        if (!farewell.hasBegun()) {
            scheduler().run();
        }
        output().flush();
    }

    // ---- the end ----

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        greeting.stopWaiting();
        farewell.socketClosed();
        input.close();
        output().discard();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof ConnectionError error) {
            breaches.onConnectionError(error);
        } else if (cause instanceof TlsFailure failure) {
            LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", channel, failure.getMessage());
            farewell.broke(String.valueOf(failure.getMessage()), failure.getCause());
        } else if (cause instanceof IOException) {
            LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", channel, cause);
            farewell.broke("the connection broke: " + Sockets.text(cause), cause);
        } else {
            LOG.log(System.Logger.Level.ERROR, "a connection failed and is closed: " + channel, cause);
            farewell.close(
                    ErrorCode.INTERNAL_ERROR,
                    Status.of(StatusCode.INTERNAL, "internal error").withCause(cause));
        }
    }

    /** Something done for the connection outside of reading has failed: by the peer's fault, or by ours. */
    void failed(String what, Throwable cause) {
        if (cause instanceof ConnectionError error) {
            breaches.onConnectionError(error);
        } else {
            LOG.log(System.Logger.Level.ERROR, what, cause);
        }
    }

    @Override
    public String toString() {
        return channel.toString();
    }

    private static <T> T ready(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the connection is used before it is in its channel's pipeline");
        }
        return part;
    }
}
