// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A listener that hears one event at a time, although two threads tell it some: what comes while another is heard waits, and is
 * heard behind it on the same thread. Nobody is kept waiting, and nothing is heard behind the end.
 *
 * @param <R> the response type
 */
final class SerialListener<R> extends ForwardingListener<R> {

    private final Queue<Runnable> waiting = new ArrayDeque<>(2);
    private boolean busy;

    /** Touched by the thread that hears. */
    private boolean closed;

    SerialListener(ClientCall.Listener<R> next) {
        super(next);
    }

    @Override
    public void onHeaders(Metadata headers) {
        hear(() -> super.onHeaders(headers));
    }

    @Override
    public void onMessage(R response) {
        hear(() -> super.onMessage(response));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        hear(() -> {
            closed = true;
            super.onClose(status, trailers);
        });
    }

    @Override
    public void onReady() {
        hear(() -> {
            if (!closed) {
                super.onReady();
            }
        });
    }

    /** What an event throws goes to whoever told one of them, when all are heard. */
    private void hear(Runnable event) {
        synchronized (this) {
            if (busy) {
                waiting.add(event);
                return;
            }
            busy = true;
        }
        Throwable thrown = null;
        for (Runnable now = event; now != null; now = following()) {
            try {
                now.run();
            } catch (Throwable failure) { // An assertion in a test, say; the end must be heard all the same.
                thrown = thrown == null ? failure : thrown;
            }
        }
        if (thrown != null) {
            throw SerialListener.<RuntimeException>unchecked(thrown);
        }
    }

    /** Whatever it is: Kotlin does not declare what its functions throw. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private synchronized @Nullable Runnable following() {
        Runnable following = waiting.poll();
        busy = following != null;
        return following;
    }
}
