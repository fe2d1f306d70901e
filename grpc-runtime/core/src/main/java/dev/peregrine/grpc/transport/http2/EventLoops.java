// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.TransportThread;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The event loops of this process: one for each core, shared by all servers and channels, there as long as one of them
 * is. The only place of this room that takes a lock; nothing on the road of a call comes here.
 */
final class EventLoops {

    private static @Nullable EventLoopGroup shared;
    private static int users;

    private EventLoops() {}

    static synchronized EventLoopGroup acquire() {
        if (shared == null) {
            AtomicInteger number = new AtomicInteger();
            ThreadFactory threads = loop -> new TransportThread(loop, "grpc-loop-" + number.incrementAndGet());
            shared = new MultiThreadIoEventLoopGroup(
                    Runtime.getRuntime().availableProcessors(), threads, NioIoHandler.newFactory());
        }
        users++;
        return shared;
    }

    static synchronized void release() {
        users--;
        if (users == 0 && shared != null) {
            // Whoever releases last may do so on a loop, so nobody waits here; the threads are daemons.
            shared.shutdownGracefully(0, 5, TimeUnit.SECONDS);
            shared = null;
        }
    }
}
