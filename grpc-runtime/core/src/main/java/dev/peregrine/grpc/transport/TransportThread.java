// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import io.netty.util.concurrent.FastThreadLocalThread;

/** A thread that runs an event loop. Nothing may block on it; its class is how one finds out. */
public final class TransportThread extends FastThreadLocalThread {

    public TransportThread(Runnable loop, String name) {
        super(loop, name);
        setDaemon(true);
    }
}
