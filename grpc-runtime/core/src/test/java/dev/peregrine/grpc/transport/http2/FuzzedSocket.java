// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A socket that is none: a script says what it brings, how much it takes and when it breaks. It has an event loop and a
 * clock of its own, both moved by the test's thread, so that nothing happens by chance; and memory of its own, so that
 * what is not given back is seen at once.
 *
 * <p>An event loop of Netty's own kind, where an embedded channel has one on which every thread is at home: here what
 * another thread does takes the way through the mailbox.
 */
final class FuzzedSocket extends AbstractChannel {

    /** Small, so that scripts fill it. */
    private static final WriteBufferWaterMark WATER = new WriteBufferWaterMark(8 << 10, 16 << 10);

    private static final ExecutorService FAR_AWAY = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "fuzz-far-away");
        thread.setDaemon(true);
        return thread;
    });

    /** An event loop that tells whether timers are left. */
    private static final class Loop extends ManualIoEventLoop {

        Loop(Ticker ticker) {
            super(null, Thread.currentThread(), LocalIoHandler.newFactory(), ticker);
        }

        boolean hasTimers() {
            return hasScheduledTasks();
        }
    }

    private final MockTicker ticker = Ticker.newMockTicker();

    /** The same, as connections read it. */
    private final Clock clock = new Clock() {
        @Override
        public long nanos() {
            return ticker.nanoTime();
        }

        @Override
        public Future<?> schedule(EventLoop loop, Runnable task, long delayNanos) {
            return loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        }
    };

    private final Loop loop = new Loop(ticker);
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
    private final DefaultChannelConfig config = new DefaultChannelConfig(this);
    private final Consumer<ByteBuf> taken;
    private boolean open = true;
    private int room = Integer.MAX_VALUE;
    private Throwable unhandled;

    /**
     * @param taken hears every piece of what is written, once the socket takes it
     */
    FuzzedSocket(Consumer<ByteBuf> taken) {
        super(null);
        this.taken = taken;
        config.setAllocator(memory);
        config.setWriteBufferWaterMark(WATER);
        loop.register(this);
    }

    /** Connects the socket to this handler; what the handler lets through is a failure. */
    void connect(ChannelHandler handler) {
        pipeline().addLast(handler, new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                unhandled = cause;
            }
        });
        work();
    }

    // ---- what the script says ----

    /** Bytes have come. */
    void bring(byte[] bytes) {
        if (open) {
            pipeline().fireChannelRead(memory.buffer(Math.max(1, bytes.length)).writeBytes(bytes));
        }
    }

    /** Nothing more has come for now. */
    void bringsNoMore() {
        if (open) {
            pipeline().fireChannelReadComplete();
        }
    }

    /** From now on the network has room for this many bytes. */
    void room(int bytes) {
        room = bytes;
        ((Pump) unsafe()).pump();
    }

    void break_() {
        if (open) {
            pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        }
    }

    /** The other end is gone. */
    void lose() {
        unsafe().close(voidPromise());
    }

    void passTime(long millis) {
        ticker.advance(millis, TimeUnit.MILLISECONDS);
        work();
    }

    /** Does all that is due. */
    void work() {
        for (int rounds = 0; loop.runNow() > 0; rounds++) {
            if (rounds == 10_000) {
                throw new AssertionError("the event loop does not come to rest");
            }
        }
    }

    /** Does something on a thread that is not the event loop's, and waits until it is done. */
    static void farAway(Runnable action) throws Exception {
        try {
            FAR_AWAY.submit(action).get(20, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw new AssertionError("failed far away", failure.getCause());
        }
    }

    // ---- what can be asked ----

    long usedMemory() {
        return memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
    }

    boolean hasTimers() {
        return loop.hasTimers();
    }

    /** Whether it is open, and what is written has got away. */
    boolean takesAll() {
        return open && room > 1 << 20;
    }

    Clock clock() {
        return clock;
    }

    /** What this socket's clock says. */
    long nanos() {
        return ticker.nanoTime();
    }

    void requireNothingUnhandled() {
        if (unhandled != null) {
            throw new AssertionError("an exception reached the end of the pipeline", unhandled);
        }
    }

    // ---- a channel ----

    private final class Pump extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException());
        }

        void pump() {
            if (open) {
                flush0();
            }
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer pending) {
        for (Object next = pending.current(); next != null; next = pending.current()) {
            ByteBuf bytes = (ByteBuf) next;
            int count = Math.min(room, bytes.readableBytes());
            if (count == 0 && bytes.isReadable()) {
                return;
            }
            taken.accept(bytes.slice(bytes.readerIndex(), count));
            room -= room == Integer.MAX_VALUE ? 0 : count;
            if (count == bytes.readableBytes()) {
                pending.remove();
            } else {
                pending.removeBytes(count);
            }
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new Pump();
    }

    @Override
    protected boolean isCompatible(EventLoop any) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
    }

    @Override
    protected void doBind(SocketAddress local) {}

    @Override
    protected void doDisconnect() {}

    @Override
    protected void doClose() {
        open = false;
    }

    @Override
    protected void doBeginRead() {}

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return new ChannelMetadata(false, 16);
    }
}
