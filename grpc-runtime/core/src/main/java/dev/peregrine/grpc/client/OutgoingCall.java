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
final class OutgoingCall<Q, R> extends OpenedCall<Q> implements ClientCall<Q, R> {

    private static final System.Logger LOG = System.getLogger(OutgoingCall.class.getName());

    private final String authority;
    private final MessageDecoder<R> decoder;
    private final @Nullable SerialEvents events;

    /** Null if there is a stream of responses. */
    private final @Nullable SoleResponse<R> soleResponse;

    private @Nullable Listener<R> listener;
    private boolean sent;

    /** Nothing follows from the transport; connection's thread. */
    private boolean closed;

    /** Why the responses do not count; found on the connection's thread, or where they are decoded. */
    private volatile @Nullable Status broken;

    OutgoingCall(MethodDescriptor<Q, R> method, CallOptions options, String authority, ConnectionKeeper connections) {
        super(method, options, connections);
        this.authority = authority;
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
        CallHead start = new CallHead(
                method.path(), authority, deadline, options.metadata().plus(headers));
        futile = begin(start, futile);
        if (futile != null) {
            // Nothing goes out for a call that is over before it begins.
            Status outcome = futile;
            deliver(() -> listener.onClose(outcome, Metadata.EMPTY));
            return;
        }
        if (method.kind().hasRequestStream()) {
            open(start, null);
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
        demand(messages);
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
        if (cancel(status)) {
            deliver(() -> listener().onClose(status, Metadata.EMPTY));
        }
    }

    @Override
    public boolean isReady() {
        ClientStream open = stream;
        return open == null ? !method.kind().hasRequestStream() : open.isReady();
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
            refuse(Status.of(
                    StatusCode.INTERNAL, "a response was flagged as compressed, but the server announced no encoding"));
            return;
        }
        MessageDecoder.Pending<R> response;
        try {
            response = decoder.decode(message);
        } catch (StatusException undecodable) {
            refuse(undecodable.status());
            return;
        }
        if (soleResponse == null) {
            deliver(() -> hear(response));
            return;
        }
        Status wrong = soleResponse.keep(response);
        if (wrong != null) {
            refuse(wrong);
        }
    }

    private void hear(MessageDecoder.Pending<R> response) {
        R message;
        try {
            message = response.get();
        } catch (StatusException undecodable) {
            refuse(undecodable.status());
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
    private void refuse(Status why) {
        broken = why;
        breakOff(why);
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
