// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import io.netty.util.concurrent.FastThreadLocalThread;

/**
 * A thread that runs an event loop, or one of the {@link CodecThreads} threads beside them. Nothing may block on it; its class is
 * how one finds out.
 */
public final class TransportThread extends FastThreadLocalThread {

    private final boolean loop;

    /** A thread that runs an event loop. */
    public TransportThread(Runnable loop, String name) {
        this(loop, name, true);
    }

    TransportThread(Runnable work, String name, boolean loop) {
        super(work, name);
        this.loop = loop;
        setDaemon(true);
    }

    /** Whether the calling thread runs an event loop, so that other calls wait while it works. */
    public static boolean isEventLoop() {
        return Thread.currentThread() instanceof TransportThread thread && thread.loop;
    }
}
