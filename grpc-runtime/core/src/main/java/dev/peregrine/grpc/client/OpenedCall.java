// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.EventDelivery;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.SerialEvents;
import org.jspecify.annotations.Nullable;

/**
 * A call's way to a stream, and to another one if no server has seen the first: the lowest of three layers on
 * {@link EventDelivery}, see {@link OutgoingCall}.
 *
 * @param <Q> the request type
 */
abstract sealed class OpenedCall<Q> extends EventDelivery implements ClientStreamListener permits ListenedCall {

    /** How often a call that certainly never reached a server is sent again before the caller hears of it. */
    private static final int MAX_REDIRECTS = 3;

    final MethodDescriptor<Q, ?> method;
    final CallOptions options;
    private final ConnectionKeeper connections;

    @Nullable
    CallHead head;

    @Nullable
    OutboundMessage<?> soleRequest;

    /** Null until the call has gone out, which a single request waits for, and while it goes out again. */
    volatile @Nullable ClientStream stream;

    volatile boolean ended;

    // Guarded by this.
    private int timesOpened;
    private @Nullable Status cancelled;

    /** All that was ever asked for: a call that goes out again asks for it again. */
    private int demanded;

    OpenedCall(MethodDescriptor<Q, ?> method, CallOptions options, ConnectionKeeper connections) {
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
        return end;
    }

    final void open(CallHead start, @Nullable OutboundMessage<?> sole) {
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
        ClientStream opened = connections.open(start, sole, demand, this, options.waitForReady());
        Status alreadyCancelled;
        int more;
        synchronized (this) {
            if (attempt != timesOpened) {
                return; // This one has failed meanwhile, and the next attempt knows everything.
            }
            stream = opened;
            more = method.kind().hasResponseStream() ? demanded - demand : 0;
            alreadyCancelled = cancelled;
        }
        if (more > 0) {
            opened.request(more);
        }
        if (alreadyCancelled != null) {
            opened.cancel(alreadyCancelled);
        }
    }

    /** Sends a call that no server has seen again; false if that was done often enough, or nobody wants it any more. */
    final boolean openAgain() {
        CallHead start = head;
        OutboundMessage<?> request = soleRequest;
        if (start == null || request == null) {
            return false;
        }
        synchronized (this) {
            if (timesOpened > MAX_REDIRECTS || cancelled != null) {
                return false;
            }
        }
        open(start, request);
        return true;
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
