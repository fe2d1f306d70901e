// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.wire.ErrorCode;
import dev.peregrine.grpc.wire.GrpcHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.collection.IntObjectHashMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection: the streams it carries, the windows and settings it shares, and what is read and written. What
 * frames mean is {@link FrameHandler}'s business, what the two ends do differently their {@link Role}'s. What state it is in is
 * held, and drawn, where the states differ: {@link Greeting} until the peer's first SETTINGS, the role while it is open or
 * draining, {@link Farewell} from the first word of its end on.
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
    private final WriteBatch batch;

    private final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>();
    private final ResetMemory resets;
    private final PeerSettings peer;
    private final SendWindow sendWindow = new SendWindow(SendWindow.INITIAL);
    private final ConnectionWindows windows;
    private final ByteAccount undelivered;
    private final ByteAccount unsent;
    private final ResetGuard resetGuard;
    private final UnreadGuard unreadGuard;
    private final FrameInput input;

    private @Nullable FrameOutput output;
    private @Nullable HeaderBlocks headerBlocks;
    private @Nullable SendScheduler scheduler;
    private final HpackEncoder hpack = new HpackEncoder();
    private final FieldListLimit fieldListLimit;

    private @Nullable ConnectionError overdone;
    private boolean settingsAcknowledged;
    private boolean notesTimes;
    private long heardAt;

    /**
     * @param server whether this is the server's end
     * @param role makes what this end does differently from the other
     */
    Connection(Channel channel, Limits limits, boolean server, Clock clock, Function<Connection, Role> role) {
        this.channel = channel;
        this.limits = limits;
        this.clock = clock;
        this.resets = new ResetMemory(limits.maxConcurrentCalls());
        this.peer = new PeerSettings(!server);
        this.fieldListLimit = new FieldListLimit(peer);
        this.mailbox = new Mailbox(channel.eventLoop(), this);
        this.batch = new WriteBatch(this, channel.eventLoop());
        this.windows = new ConnectionWindows(this, limits);
        this.undelivered = new ByteAccount(limits.maxBufferedBytes());
        this.unsent = new ByteAccount(server ? limits.maxBufferedBytes() : Long.MAX_VALUE);
        this.resetGuard = new ResetGuard(server ? limits.maxResetsPerWindow() : Integer.MAX_VALUE, clock::nanos);
        this.unreadGuard = new UnreadGuard(limits);
        this.role = role.apply(this);
        this.greeting = new Greeting(this, this.role);
        this.farewell = new Farewell(this, channel, this.role, server);
        this.breaches = new Breaches(this);
        FrameReader frames = new FrameReader(
                HeaderDecoder.create(server, limits.maxMetadataSize()), new FrameHandler(this, this.role, windows));
        this.input = new FrameInput(frames, new Preface(server));
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

    /** How far the peer may be ahead of us. */
    ConnectionWindows windows() {
        return windows;
    }

    /** What has come of messages and is not delivered, because they are incomplete or nobody asked for them. */
    ByteAccount undelivered() {
        return undelivered;
    }

    /** What is written and waits for the peer to read; a client's application knows itself how much it sends. */
    ByteAccount unsent() {
        return unsent;
    }

    ResetGuard resetGuard() {
        return resetGuard;
    }

    UnreadGuard unreadGuard() {
        return unreadGuard;
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
    }

    /** The stream has ended. */
    void forget(Http2Stream stream) {
        if (stream.id() != 0 && streams.remove(stream.id()) != null) {
            role.streamEnded();
            farewell.tellIfOver();
        }
    }

    /** Those that are open; none may end, or begin, meanwhile. */
    Iterable<Http2Stream> streams() {
        return streams.values();
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
        resetGuard.reset();
        output().rstStream(streamId, errorCode);
        rememberReset(streamId);
    }

    /**
     * A call ended early by its caller's doing; see {@link ResetGuard}. Too many of them end the connection, but
     * not here, in the middle of something: before the next call is taken, or soon.
     */
    void chargeReset(long ageNanos) {
        try {
            resetGuard.reset(ageNanos);
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

    /** A PING of ours was answered. */
    void pingAck(long payload) {
        if (!windows.pingAck(payload)) {
            role.pingAck(payload);
        }
    }

    /** Received bytes are taken, or dropped. */
    void giveBack(int bytes) {
        windows.giveBack(bytes);
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
        batch.begin();
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
        batch.end();
    }

    // ---- writing ----

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            unreadGuard.peerReads();
            role.lineIsFree();
            flushSoon();
        }
    }

    WriteBatch batch() {
        return batch;
    }

    /** What was written leaves at the end of the batch, or soon if none is under way. */
    void flushSoon() {
        batch.flushSoon();
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
