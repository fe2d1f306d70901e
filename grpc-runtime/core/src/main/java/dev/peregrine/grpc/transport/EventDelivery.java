// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of one call are heard, whichever end we are: in place, on the connection's thread, or one after the
 * other on threads of an executor. The ground layer of the calls of {@code server} and {@code client}, and not an object beside
 * them, because there is one for each call.
 *
 * <pre>
 *   in place ── an event takes long ──▶ elsewhere, that one and all that follow
 * </pre>
 *
 * <p>Thread rule: events are delivered on the connection's thread, or before the call is known to it.
 */
public abstract class EventDelivery {

    /** How events reach another thread; null while they are heard in place. */
    private @Nullable SerialEvents elsewhere;

    /** An event is being heard on this thread. */
    private boolean inPlace;

    /** What is to be heard elsewhere, as soon as nothing is heard here. */
    private @Nullable Runnable behind;

    /**
     * @param elsewhere delivers events to another thread from the first one on; null to hear them in place
     */
    protected EventDelivery(@Nullable SerialEvents elsewhere) {
        this.elsewhere = elsewhere;
    }

    /** Runs the event, on the thread where it is heard, and deals with what it throws. */
    protected abstract void hear(Runnable event);

    /** How events reach another thread; null while they are heard in place. */
    protected final @Nullable SerialEvents elsewhere() {
        return elsewhere;
    }

    /** The next event takes long: if events are heard in place, it is heard on an {@link CodecThreads} thread. */
    protected final void leaveEventLoop() {
        if (elsewhere == null) {
            elsewhere = new SerialEvents(this::hearElsewhere);
        }
    }

    /** Has the event heard, in place before this returns; false if there is no thread for it, and it is not heard. */
    protected final boolean offer(Runnable event) {
        if (elsewhere == null) {
            hearInPlace(event); // What this throws, in a nested event, is not about our threads.
            return true;
        }
        try {
            elsewhere.offer(() -> hear(event));
            return true;
        } catch (RejectedExecutionException full) {
            noThread(full);
            return false;
        }
    }

    /** There is no thread for an event, which is not heard. */
    protected void noThread(RejectedExecutionException full) {}

    /** Whoever asks for a message while it hears something else here may get it at once: then that waits. */
    private void hearElsewhere(Runnable delivery) {
        if (inPlace) {
            behind = delivery;
        } else {
            CodecThreads.EXECUTOR.execute(delivery);
        }
    }

    private void hearInPlace(Runnable event) {
        if (inPlace) {
            hear(event);
            return;
        }
        inPlace = true;
        try {
            hear(event);
        } finally {
            inPlace = false;
        }
        Runnable delivery = behind;
        if (delivery != null) {
            behind = null;
            CodecThreads.EXECUTOR.execute(delivery);
        }
    }
}
