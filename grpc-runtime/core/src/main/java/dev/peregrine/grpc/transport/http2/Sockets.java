// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.SocketEngine;
import dev.peregrine.grpc.transport.SocketOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.io.FileNotFoundException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Netty needs to make the sockets of one engine. For any thread.
 *
 * <p>Netty's classes for an engine need not be on the class path, so each engine is spelled out in a class of its own,
 * which is not loaded before somebody asks for that engine.
 *
 * @param userTimeout TCP_USER_TIMEOUT in milliseconds; null where there is none
 */
@AnyThread
record Sockets(
        SocketEngine engine,
        IoHandlerFactory ioHandlers,
        ChannelFactory<ServerChannel> tcpListeners,
        ChannelFactory<Channel> tcp,
        ChannelFactory<ServerChannel> unixListeners,
        ChannelFactory<Channel> unix,
        @Nullable ChannelOption<Integer> userTimeout) {

    /**
     * Where connections have their memory from. Netty's default since 4.2 returns memory to the system too readily for large
     * messages, which is very expensive on JDK 25: docs/decisions/0029.
     */
    static final ByteBufAllocator MEMORY = PooledByteBufAllocator.DEFAULT;

    /** What Netty's native sockets put before the kernel's words. */
    private static final Pattern NATIVE_CALL =
            Pattern.compile("^(?:io_uring )?(?:\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): )?");

    /** What went wrong on a socket, in the same words for all engines. */
    static String text(Throwable failure) {
        String message = failure.getMessage();
        if (message == null) {
            // What Netty makes of ENOENT; other exceptions without a text say something by their name.
            return failure instanceof FileNotFoundException
                    ? "No such file or directory"
                    : failure.getClass().getSimpleName();
        }
        return NATIVE_CALL.matcher(message).replaceFirst("");
    }

    /**
     * The sockets of this engine.
     *
     * @throws LinkageError if its classes or its native library are missing, or do not fit the machine
     * @throws RuntimeException if the kernel does not let us use it
     */
    static Sockets of(SocketEngine engine) {
        return switch (engine) {
            case EPOLL -> OfEpoll.sockets();
            case KQUEUE -> OfKQueue.sockets();
            case IO_URING -> OfIoUring.sockets();
            case NIO -> OfNio.sockets();
        };
    }

    /** Sets what every TCP connection is set to. */
    void setTcp(SocketOptions wanted, Setter socket) {
        socket.set(ChannelOption.TCP_NODELAY, true);
        socket.set(ChannelOption.SO_KEEPALIVE, true);
        if (userTimeout != null && !wanted.userTimeout().isZero()) {
            socket.set(userTimeout, (int) wanted.userTimeout().toMillis());
        }
    }

    /** Takes one option after the other. */
    interface Setter {
        <T> void set(ChannelOption<T> option, T value);
    }

    /** Whether unix sockets are addressed as Netty's native ones are, instead of the JDK's. */
    boolean areNative() {
        return engine != SocketEngine.NIO;
    }

    /**
     * A native library of another Netty than the classes loads all the same, and fails when something first goes wrong on a
     * socket: for then it lacks what the classes ask of it, which is asked of it here.
     */
    private static void requireLibraryThatFits() {
        boolean fits;
        try {
            fits = Errors.ERRNO_EAGAIN_NEGATIVE < 0;
        } catch (LinkageError lacking) {
            fits = false;
        }
        if (!fits) {
            throw new UnsatisfiedLinkError("its native library is of another release than Netty's classes");
        }
    }

    private static final class OfEpoll {
        static Sockets sockets() {
            Epoll.ensureAvailability();
            requireLibraryThatFits();
            return new Sockets(
                    SocketEngine.EPOLL,
                    EpollIoHandler.newFactory(),
                    EpollServerSocketChannel::new,
                    EpollSocketChannel::new,
                    EpollServerDomainSocketChannel::new,
                    EpollDomainSocketChannel::new,
                    EpollChannelOption.TCP_USER_TIMEOUT);
        }
    }

    private static final class OfKQueue {
        static Sockets sockets() {
            KQueue.ensureAvailability();
            requireLibraryThatFits();
            return new Sockets(
                    SocketEngine.KQUEUE,
                    KQueueIoHandler.newFactory(),
                    KQueueServerSocketChannel::new,
                    KQueueSocketChannel::new,
                    KQueueServerDomainSocketChannel::new,
                    KQueueDomainSocketChannel::new,
                    null);
        }
    }

    private static final class OfIoUring {
        static Sockets sockets() {
            IoUring.ensureAvailability();
            requireLibraryThatFits();
            return new Sockets(
                    SocketEngine.IO_URING,
                    IoUringIoHandler.newFactory(),
                    IoUringServerSocketChannel::new,
                    IoUringSocketChannel::new,
                    IoUringServerDomainSocketChannel::new,
                    IoUringDomainSocketChannel::new,
                    IoUringChannelOption.TCP_USER_TIMEOUT);
        }
    }

    private static final class OfNio {
        static Sockets sockets() {
            return new Sockets(
                    SocketEngine.NIO,
                    NioIoHandler.newFactory(),
                    NioServerSocketChannel::new,
                    NioSocketChannel::new,
                    NioServerDomainSocketChannel::new,
                    NioDomainSocketChannel::new,
                    null);
        }
    }
}
