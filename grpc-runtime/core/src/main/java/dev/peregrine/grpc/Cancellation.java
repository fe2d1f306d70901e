// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The news that nobody wants the answer of a call any more: the caller went away, reset the call, its deadline passed, or the
 * call has failed, and what is done for it elsewhere is done in vain. It happens at most once.
 *
 * <p>Any thread may ask and register. Callbacks run on the thread that cancels, usually the connection's: they must
 * not block.
 */
public final class Cancellation {

    private static final System.Logger LOG = System.getLogger(Cancellation.class.getName());

    private final Object lock = new Object();
    private @Nullable List<Registration> waiting = new ArrayList<>(1);
    private volatile @Nullable Status reason;

    private Cancellation() {}

    public boolean isCancelled() {
        return reason != null;
    }

    /** Why, once cancelled: CANCELLED, DEADLINE_EXCEEDED or UNAVAILABLE with a description, or what the call failed with. Null before. */
    public @Nullable Status reason() {
        return reason;
    }

    /**
     * Runs the callback when the call is cancelled, at once if it is already. A call that is answered drops its
     * callbacks.
     */
    public Registration onCancel(Runnable callback) {
        Registration registration = new Registration(this, callback);
        synchronized (lock) {
            if (waiting != null) {
                waiting.add(registration);
                return registration;
            }
        }
        if (isCancelled()) {
            callback.run();
        }
        return registration;
    }

    /**
     * @throws StatusException with the {@link #reason} if the call is cancelled
     */
    public void throwIfCancelled() {
        Status why = reason;
        if (why != null) {
            throw why.asException();
        }
    }

    /** A callback that waits; close it to stop waiting. */
    public static final class Registration implements AutoCloseable {

        private final Cancellation cancellation;
        private final Runnable callback;

        private Registration(Cancellation cancellation, Runnable callback) {
            this.cancellation = cancellation;
            this.callback = callback;
        }

        @Override
        public void close() {
            synchronized (cancellation.lock) {
                if (cancellation.waiting != null) {
                    cancellation.waiting.remove(this);
                }
            }
        }
    }

    /** The end that cancels; kept by whoever owns the call. */
    public static final class Source {

        private final Cancellation cancellation = new Cancellation();

        public Cancellation cancellation() {
            return cancellation;
        }

        /** Cancels and runs the callbacks; false if the call had ended, well or not, before. */
        public boolean cancel(Status reason) {
            List<Registration> registrations;
            synchronized (cancellation.lock) {
                if (cancellation.waiting == null) {
                    return false;
                }
                registrations = cancellation.waiting;
                cancellation.waiting = null;
                cancellation.reason = reason;
            }
            for (Registration registration : registrations) {
                try {
                    registration.callback.run();
                } catch (RuntimeException | Error thrown) {
                    LOG.log(System.Logger.Level.ERROR, "a cancellation callback failed; the others run on", thrown);
                }
            }
            return true;
        }

        /** The call ended by itself: nothing will be cancelled any more, and the callbacks are let go. */
        public void done() {
            synchronized (cancellation.lock) {
                cancellation.waiting = null;
            }
        }
    }
}
