// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.EventDelivery;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.Resend;
import dev.peregrine.grpc.transport.SerialEvents;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call's way to a stream, and to another one if no server has seen the first: the lowest of three layers on
 * {@link EventDelivery}, see {@link OutgoingCall}.
 *
 * <pre>
 *   started ──▶ opening ──▶ open ── response headers, or more requests than are kept ──▶ committed
 *                  ▲          │
 *                  └──────────┘ no server has seen it: what was said so far is said again
 * </pre>
 *
 * <p>While it is opening there is no stream, and what the application says is kept; once committed, nothing is.
 *
 * @param <Q> the request type
 */
abstract sealed class OpenedCall<Q> extends EventDelivery implements ClientStreamListener permits ListenedCall {

    /** gRFC A6 sets no bound for calls that never leave; servers that always go away before they take one are a loop. */
    private static final int MAX_TIMES_OPENED = 1000;

    final MethodDescriptor<Q, ?> method;
    final CallOptions options;
    private final Subchannel connections;

    @Nullable
    CallHead head;

    @Nullable
    OutboundMessage<?> soleRequest;

    /** Null until the call has gone out, which a single request waits for, and while it goes out again. */
    volatile @Nullable ClientStream stream;

    volatile boolean ended;

    /** What a stream of requests has said; null once that is not to be said again. Written under this lock. */
    private volatile @Nullable KeptRequests kept;

    // Guarded by this.
    private int timesOpened;
    private boolean refused;
    private @Nullable Status cancelled;

    /** All that was ever asked for: a call that goes out again asks for it again. */
    private int demanded;

    OpenedCall(MethodDescriptor<Q, ?> method, CallOptions options, Subchannel connections) {
        super(options.executor() == null ? null : new SerialEvents(options.executor()));
        this.method = method;
        this.options = options;
        this.connections = connections;
    }

    /** The call begins; returns why it ends at once, if it does. Then nothing goes out. */
    final synchronized @Nullable Status begin(CallHead head, @Nullable Status futile) {
        this.head = head;
        Status end = cancelled == null ? futile : cancelled;
        ended = end != null;
        if (!ended && method.kind().hasRequestStream()) {
            kept = new KeptRequests(connections.limits().writeBufferHighWater());
        }
        return end;
    }

    /** Sends a call out for the first time. */
    final void open(CallHead start, @Nullable OutboundMessage<?> sole) {
        open(start, sole, false);
    }

    private void open(CallHead start, @Nullable OutboundMessage<?> sole, boolean again) {
        int attempt;
        int demand;
        synchronized (this) {
            if (ended) {
                return;
            }
            attempt = ++timesOpened;
            stream = null;
            // One response more than is due, to notice a server that sends too many.
            demand = method.kind().hasResponseStream() ? demanded : 2;
        }
        ClientStream opened = again
                ? connections.openAgain(start, sole, demand, this, options.waitForReady())
                : connections.open(start, sole, demand, this, options.waitForReady());
        catchUp(opened, attempt, demand);
    }

    /** Says to the stream what was said while there was none; from then on it is told directly. */
    private void catchUp(ClientStream opened, int attempt, int demand) {
        int said = 0;
        while (true) {
            List<OutboundMessage<?>> unsaid;
            Status alreadyCancelled = null;
            int more = 0;
            boolean halfClosed = false;
            synchronized (this) {
                if (attempt != timesOpened) {
                    return; // This one has failed meanwhile, and the next attempt knows everything.
                }
                KeptRequests requests = kept;
                unsaid = requests == null ? List.of() : requests.behind(said);
                if (unsaid.isEmpty()) {
                    stream = opened;
                    more = method.kind().hasResponseStream() ? demanded - demand : 0;
                    halfClosed = requests != null && requests.isEnded();
                    alreadyCancelled = cancelled;
                }
            }
            // Outside the lock: listeners may be called.
            if (!unsaid.isEmpty()) {
                unsaid.forEach(opened::write);
                said += unsaid.size();
                continue;
            }
            if (halfClosed) {
                opened.halfClose();
            }
            if (more > 0) {
                opened.request(more);
            }
            if (alreadyCancelled != null) {
                opened.cancel(alreadyCancelled);
            }
            return;
        }
    }

    /**
     * Sends a call that no server has seen again; false if that was done often enough, or it is committed, or nobody wants it
     * any more. Connection's thread.
     */
    final boolean openAgain(Resend resend) {
        CallHead start = head;
        OutboundMessage<?> request = soleRequest;
        if (start == null || resend == Resend.NEVER) {
            return false;
        }
        synchronized (this) {
            boolean forgotten = method.kind().hasRequestStream() ? kept == null : request == null;
            if (forgotten || cancelled != null || timesOpened >= MAX_TIMES_OPENED) {
                return false;
            }
            if (resend == Resend.ONCE) {
                if (refused) {
                    return false;
                }
                refused = true;
            }
        }
        open(start, request, true);
        ClientStream again = stream;
        if (again != null && again.isReady()) {
            onReady(); // Whoever asked the stream before was perhaps told to wait.
        }
        return true;
    }

    /** The call will not be sent again, and what it has said is not kept any longer. Connection's thread. */
    final void commit() {
        soleRequest = null;
        if (kept != null) {
            synchronized (this) {
                kept = null;
            }
        }
    }

    /** Says the next request of a stream. */
    final void say(OutboundMessage<?> request) {
        ClientStream open = stream;
        if (kept != null || open == null) {
            open = keep(request);
        }
        if (open != null) {
            open.write(request);
        }
    }

    /** Keeps a request as long as that is of use; returns the stream to tell, null if it will be told as soon as it is there. */
    private synchronized @Nullable ClientStream keep(OutboundMessage<?> request) {
        KeptRequests requests = kept;
        if (requests != null) {
            if (stream != null && requests.isFull()) {
                kept = null;
            } else {
                requests.add(request);
            }
        }
        return stream;
    }

    /** Says that the stream of requests has ended. */
    final void sayEnd() {
        ClientStream open;
        synchronized (this) {
            if (kept != null) {
                kept.end();
            }
            open = stream;
        }
        if (open != null) {
            open.halfClose();
        }
    }

    /** Asks for more responses, now or as soon as there is a stream. */
    final void demand(int messages) {
        ClientStream open;
        synchronized (this) {
            demanded = (int) Math.min(Integer.MAX_VALUE, (long) demanded + messages);
            open = stream;
        }
        if (open != null) {
            open.request(messages);
        }
    }

    /** Cancels the call, now or as soon as there is a stream; true if it has ended by this, because nothing went out. */
    final boolean cancel(Status why) {
        ClientStream open;
        synchronized (this) {
            if (ended || cancelled != null) {
                return false;
            }
            cancelled = why;
            open = stream;
            if (open == null) {
                ended = head != null && timesOpened == 0; // Else told on start, or as soon as there is a stream.
                return ended;
            }
        }
        open.cancel(why);
        return false;
    }

    /** Cancels a call that the server has answered, whatever was said of it before. */
    final void breakOff(Status why) {
        ClientStream open;
        synchronized (this) {
            cancelled = why; // If it is still being opened, it is cancelled as soon as it is.
            open = stream;
        }
        if (open != null) {
            open.cancel(why);
        }
    }

    final synchronized boolean isCancelled() {
        return cancelled != null;
    }

    final synchronized Status cancelledOr(Status status) {
        return cancelled == null ? status : cancelled;
    }
}
