// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.SocketEngine;
import dev.peregrine.grpc.transport.TransportThread;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The event loops of this process: one for each core, shared by all servers and channels with sockets of the same engine,
 * there as long as one of them is. The only place of this room that takes a lock; nothing on the road of a call comes here.
 */
final class EventLoops {

    /** Names the engine for everybody who does not name one: {@code epoll}, {@code kqueue}, {@code io_uring}, {@code nio}. */
    static final String PROPERTY = "peregrine.transport";

    private static final System.Logger LOG = System.getLogger(EventLoops.class.getName());

    /** Decision 11 says why io_uring is not among them. */
    private static final List<SocketEngine> BEST_FIRST =
            List.of(SocketEngine.EPOLL, SocketEngine.KQUEUE, SocketEngine.NIO);

    private static final Map<SocketEngine, EventLoops> SHARED = new EnumMap<>(SocketEngine.class);

    private final Sockets sockets;
    private final EventLoopGroup group;
    private int users;

    private EventLoops(Sockets sockets) {
        this.sockets = sockets;
        AtomicInteger number = new AtomicInteger();
        ThreadFactory threads = loop -> new TransportThread(loop, "grpc-loop-" + number.incrementAndGet());
        this.group = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(), threads, sockets.ioHandlers());
    }

    /**
     * The loops for sockets of this engine; {@link #release} gives them back.
     *
     * @param wanted null takes the engine that the system property names, else the best that works
     * @throws IllegalStateException if the engine that was asked for does not work here, with the reason
     * @throws IllegalArgumentException if the system property names none
     */
    static synchronized EventLoops acquire(@Nullable SocketEngine wanted) {
        String property = System.getProperty(PROPERTY);
        EventLoops loops;
        if (wanted != null) {
            loops = only(wanted, "");
        } else if (property != null && !property.equalsIgnoreCase("auto")) {
            loops = only(SocketEngine.named(property), " (-D" + PROPERTY + "=" + property + ")");
        } else {
            loops = best();
        }
        loops.users++;
        return loops;
    }

    static synchronized void release(EventLoops loops) {
        loops.users--;
        if (loops.users == 0) {
            // Whoever releases last may do so on a loop, so nobody waits here; the threads are daemons.
            loops.group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
            SHARED.remove(loops.sockets.engine());
        }
    }

    Sockets sockets() {
        return sockets;
    }

    EventLoopGroup group() {
        return group;
    }

    EventLoop next() {
        return group.next();
    }

    private static EventLoops only(SocketEngine wanted, String why) {
        try {
            return shared(wanted);
        } catch (LinkageError | RuntimeException failure) {
            throw new IllegalStateException(
                    "sockets of " + wanted + " were asked for" + why + ", but do not work here: " + reason(failure)
                            + "; leave the choice out to get the best that works",
                    failure);
        }
    }

    private static EventLoops best() {
        StringJoiner passedOver = new StringJoiner("; ");
        Throwable last = null;
        for (SocketEngine engine : BEST_FIRST) {
            try {
                boolean known = SHARED.containsKey(engine);
                EventLoops loops = shared(engine);
                if (!known) {
                    LOG.log(System.Logger.Level.DEBUG, "sockets of {0}; passed over: [{1}]", engine, passedOver);
                }
                return loops;
            } catch (LinkageError | RuntimeException failure) {
                passedOver.add(engine + ": " + reason(failure));
                last = failure;
            }
        }
        throw new IllegalStateException("no sockets work here: " + passedOver, last);
    }

    /** What works is found out by doing it: classes are loaded, then the native library, then a loop for each core opened. */
    private static EventLoops shared(SocketEngine engine) {
        EventLoops known = SHARED.get(engine);
        if (known == null) {
            known = new EventLoops(Sockets.of(engine));
            SHARED.put(engine, known);
        }
        return known;
    }

    /** The innermost cause tells most: the others say that something did not load. */
    static String reason(Throwable failure) {
        if (failure instanceof NoClassDefFoundError) {
            return "Netty's classes for it are not on the class path";
        }
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage());
    }
}
