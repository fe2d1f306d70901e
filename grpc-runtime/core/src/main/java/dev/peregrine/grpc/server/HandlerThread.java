// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import org.jspecify.annotations.Nullable;

/**
 * The thread a blocking handler is running on, so that a cancelled call can interrupt it, and so that the interrupt
 * never reaches whatever that thread does next.
 */
final class HandlerThread {

    private @Nullable Thread thread;
    private boolean interrupted;

    synchronized void enter() {
        thread = Thread.currentThread();
    }

    /** Ends the run; an interrupt of ours that is still pending goes with it. */
    synchronized void leave() {
        thread = null;
        if (interrupted) {
            interrupted = false;
            Thread.interrupted();
        }
    }

    /** Interrupts the handler if one is running. */
    synchronized void interrupt() {
        Thread running = thread;
        if (running != null) {
            interrupted = true;
            running.interrupt();
        }
    }
}
