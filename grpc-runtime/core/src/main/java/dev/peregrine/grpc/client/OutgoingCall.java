// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.MessageDecoder;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.SerialEvents;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A call between the application's messages and the transport's bytes.
 *
 * <p>A single request is kept until {@link #halfClose} and then leaves together with the headers, in one piece. A single
 * response is kept until the status is there; see {@link SoleResponse}.
 */
final class OutgoingCall<Q, R> implements ClientCall<Q, R>, ClientStreamListener {

    private static final System.Logger LOG = System.getLogger(OutgoingCall.class.getName());

    /** How often a call that certainly never reached a server is sent again before the caller hears of it. */
    private static final int MAX_REDIRECTS = 3;

    private final MethodDescriptor<Q, R> method;
    private final CallOptions options;
    private final String authority;
    private final ConnectionKeeper connections;
    private final MessageDecoder<R> decoder;
    private final @Nullable SerialEvents events;

    /** Null if there is a stream of responses. */
    private final @Nullable SoleResponse<R> soleResponse;

    private @Nullable Listener<R> listener;
    private @Nullable CallHead head;
    private @Nullable OutboundMessage<Q> soleRequest;
    private boolean sent;

    /** Null until the call has gone out, which a single request waits for, and while it goes out again. */
    private volatile @Nullable ClientStream stream;

    private volatile boolean ended;

    // Guarded by this.
    private int timesOpened;
    private @Nullable Status cancelled;

    /** All that was ever asked for: a call that goes out again asks for it again. */
    private int demanded;

    /** Nothing follows from the transport; connection's thread. */
    private boolean closed;

    /** Why the responses do not count; found on the connection's thread, or where they are decoded. */
    private volatile @Nullable Status broken;

    OutgoingCall(MethodDescriptor<Q, R> method, CallOptions options, String authority, ConnectionKeeper connections) {
        this.method = method;
        this.options = options;
        this.authority = authority;
        this.connections = connections;
        Executor executor = options.executor();
        this.events = executor == null ? null : new SerialEvents(executor);
        this.decoder = MessageDecoder.ofResponses(method, executor != null);
        this.soleResponse = method.kind().hasResponseStream() ? null : new SoleResponse<>(method);
    }

    // ---- what the application does ----

    @Override
    public void start(Listener<R> listener, Metadata headers) {
        if (this.listener != null) {
            throw new IllegalStateException("the call of " + method.fullName() + " was started before");
        }
        this.listener = listener;
        Deadline deadline = options.effectiveDeadline();
        Status futile = null;
        if (deadline != null && deadline.isExpired()) {
            futile = Status.of(StatusCode.DEADLINE_EXCEEDED, "the deadline had passed before the call was sent");
        }
        synchronized (this) {
            head = new CallHead(
                    method.path(), authority, deadline, options.metadata().plus(headers));
            futile = cancelled == null ? futile : cancelled;
            ended = futile != null;
        }
        if (futile != null) {
            // Nothing goes out for a call that is over before it begins.
            Status outcome = futile;
            deliver(() -> listener.onClose(outcome, Metadata.EMPTY));
            return;
        }
        if (method.kind().hasRequestStream()) {
            open(head, null);
        }
    }

    @Override
    public void request(int messages) {
        if (messages < 1) {
            throw new IllegalArgumentException("demand: " + messages + " (expected: >= 1)");
        }
        if (!method.kind().hasResponseStream()) {
            return; // The one response is always welcome.
        }
        ClientStream open;
        synchronized (this) {
            demanded = (int) Math.min(Integer.MAX_VALUE, (long) demanded + messages);
            open = stream;
        }
        if (open != null) {
            open.request(messages);
        } // Else asked for as soon as there is a stream.
    }

    @Override
    public void send(Q request) {
        if (sent) {
            throw new IllegalStateException("the call of " + method.fullName()
                    + (method.kind().hasRequestStream() ? " is half-closed" : " has one request, a second was sent"));
        }
        if (ended) {
            return;
        }
        OutboundMessage<Q> message = new OutboundMessage<>(method.requestMarshaller(), request);
        if (method.kind().hasRequestStream()) {
            requireStarted().write(message);
        } else if (soleRequest == null) {
            soleRequest = message;
        } else {
            throw new IllegalStateException("the call of " + method.fullName() + " has one request, a second was sent");
        }
    }

    @Override
    public void halfClose() {
        if (sent || ended) {
            return;
        }
        sent = true;
        if (method.kind().hasRequestStream()) {
            requireStarted().halfClose();
            return;
        }
        CallHead start = head;
        if (start == null || soleRequest == null) {
            throw new IllegalStateException(
                    "the call of " + method.fullName() + " was half-closed before it was started and its request sent");
        }
        open(start, soleRequest);
    }

    @Override
    public void cancel(String why, @Nullable Throwable cause) {
        Status status = Status.of(StatusCode.CANCELLED, why).withCause(cause);
        ClientStream open;
        synchronized (this) {
            if (ended || cancelled != null) {
                return;
            }
            cancelled = status;
            open = stream;
            if (open == null) {
                if (head == null || timesOpened > 0) {
                    return; // Told on start, respectively as soon as there is a stream.
                }
                ended = true;
            }
        }
        if (open != null) {
            open.cancel(status);
        } else {
            deliver(() -> listener().onClose(status, Metadata.EMPTY));
        }
    }

    @Override
    public boolean isReady() {
        ClientStream open = stream;
        return open == null ? !method.kind().hasRequestStream() : open.isReady();
    }

    private void open(CallHead start, @Nullable OutboundMessage<Q> sole) {
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
    private boolean openAgain() {
        CallHead start = head;
        OutboundMessage<Q> request = soleRequest;
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

    private synchronized Status cancelledOr(Status status) {
        return cancelled == null ? status : cancelled;
    }

    private ClientStream requireStarted() {
        ClientStream open = stream;
        if (open == null) {
            throw new IllegalStateException("the call of " + method.fullName() + " is not started");
        }
        return open;
    }

    // ---- what the transport tells, on the connection's thread ----

    @Override
    public void onHeaders(Metadata headers) {
        if (soleResponse == null) {
            deliver(() -> listener().onHeaders(headers));
        } else {
            soleResponse.headers(headers);
        }
    }

    @Override
    public void onMessage(ByteBuf message, boolean compressed) {
        if (broken != null) {
            return;
        }
        if (compressed) {
            breakOff(Status.of(
                    StatusCode.INTERNAL, "a response was flagged as compressed, but the server announced no encoding"));
            return;
        }
        MessageDecoder.Pending<R> response;
        try {
            response = decoder.decode(message);
        } catch (StatusException undecodable) {
            breakOff(undecodable.status());
            return;
        }
        if (soleResponse == null) {
            deliver(() -> hear(response));
            return;
        }
        Status wrong = soleResponse.keep(response);
        if (wrong != null) {
            breakOff(wrong);
        }
    }

    private void hear(MessageDecoder.Pending<R> response) {
        R message;
        try {
            message = response.get();
        } catch (StatusException undecodable) {
            breakOff(undecodable.status());
            return;
        }
        if (broken == null) {
            listener().onMessage(message);
        }
    }

    @Override
    public void onReady() {
        if (method.kind().hasRequestStream() && !closed) {
            deliver(() -> listener().onReady());
        }
    }

    @Override
    public void onClosed(Status status, Metadata trailers, boolean unprocessed) {
        Status outcome = status;
        if (unprocessed && status.code() == StatusCode.UNAVAILABLE) {
            if (openAgain()) {
                return;
            }
            outcome = cancelledOr(status); // Our cancel has crossed news that made it pointless.
        }
        closed = true;
        Status end = outcome;
        deliver(() -> close(end, trailers));
    }

    /** Ends a call whose responses break the rules; what the server says from now on does not count. */
    private void breakOff(Status why) {
        broken = why;
        ClientStream open;
        synchronized (this) {
            cancelled = why; // If it is still being opened, it is cancelled as soon as it is.
            open = stream;
        }
        if (open != null) {
            open.cancel(why);
        }
    }

    private void close(Status status, Metadata trailers) {
        ended = true;
        Status outcome = broken == null ? status : broken;
        if (soleResponse != null) {
            try {
                outcome = soleResponse.deliver(outcome, listener());
            } catch (Throwable thrown) {
                logFailure(thrown);
                outcome = listenerFailed(thrown); // Whoever waits for the end must still hear of it.
            }
        }
        listener().onClose(outcome, trailers);
    }

    private Listener<R> listener() {
        Listener<R> hearing = listener;
        if (hearing == null) {
            throw new IllegalStateException("an answer to " + method.fullName() + " came before the call was started");
        }
        return hearing;
    }

    private void deliver(Runnable event) {
        if (events == null) {
            guarded(event);
            return;
        }
        try {
            events.offer(() -> guarded(event));
        } catch (RejectedExecutionException full) {
            guarded(event); // Better heard on this thread than never.
        }
    }

    private void guarded(Runnable event) {
        try {
            event.run();
        } catch (Throwable thrown) {
            logFailure(thrown);
            Status failed = listenerFailed(thrown);
            cancel(String.valueOf(failed.description()), thrown);
        }
    }

    private void logFailure(Throwable thrown) {
        LOG.log(System.Logger.Level.WARNING, "a listener of " + method.fullName() + " failed", thrown);
    }

    private static Status listenerFailed(Throwable thrown) {
        return Status.of(StatusCode.CANCELLED, "a listener failed").withCause(thrown);
    }
}
