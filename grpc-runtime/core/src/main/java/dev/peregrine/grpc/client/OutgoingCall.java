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
import org.jspecify.annotations.Nullable;

/**
 * A call between the application's messages and the transport's bytes.
 *
 * <p>A single request is kept until {@link #halfClose} and then leaves together with the headers, in one piece. A single
 * response is kept until the status is there, so that a call with one response never delivers one and then fails.
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

    private @Nullable Listener<R> listener;
    private @Nullable CallHead head;
    private @Nullable OutboundMessage<Q> soleRequest;

    /** Null until the call has gone out, which a single request waits for. */
    private volatile @Nullable ClientStream stream;

    private boolean opening;
    private boolean sent;
    private boolean ended;
    private @Nullable Status cancelled;
    private int earlyDemand;

    // What the server said; connection's thread.
    private MessageDecoder.@Nullable Pending<R> soleResponse;
    private @Nullable Metadata responseHeaders;
    private @Nullable Status broken;
    private int redirects;

    OutgoingCall(MethodDescriptor<Q, R> method, CallOptions options, String authority, ConnectionKeeper connections) {
        this.method = method;
        this.options = options;
        this.authority = authority;
        this.connections = connections;
        Executor executor = options.executor();
        this.events = executor == null ? null : new SerialEvents(executor);
        this.decoder = MessageDecoder.ofResponses(method, executor != null);
    }

    // ---- what the application does ----

    @Override
    public void start(Listener<R> listener, Metadata headers) {
        if (this.listener != null) {
            throw new IllegalStateException("the call of " + method.fullName() + " was started before");
        }
        this.listener = listener;
        Deadline deadline = options.effectiveDeadline();
        head = new CallHead(
                method.path(), authority, deadline, options.metadata().plus(headers));
        if (deadline != null && deadline.isExpired()) {
            // Nothing goes out for a call that is too late before it begins.
            ended = true;
            deliver(() -> listener.onClose(
                    Status.of(StatusCode.DEADLINE_EXCEEDED, "the deadline had passed before the call was sent"),
                    Metadata.EMPTY));
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
            open = stream;
            if (open == null) {
                earlyDemand += messages;
                return;
            }
        }
        open.request(messages);
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
            open = stream;
            if (open == null) {
                if (cancelled != null) {
                    return;
                }
                cancelled = status;
                if (head == null || opening) {
                    return; // Told on start, respectively as soon as the stream is there.
                }
                ended = true;
            }
        }
        if (open != null) {
            open.cancel(status);
        } else {
            Listener<R> hearing = listener;
            if (hearing != null) {
                deliver(() -> hearing.onClose(status, Metadata.EMPTY));
            }
        }
    }

    @Override
    public boolean isReady() {
        ClientStream open = stream;
        return open == null ? !method.kind().hasRequestStream() : open.isReady();
    }

    private void open(CallHead start, @Nullable OutboundMessage<Q> sole) {
        synchronized (this) {
            if (ended) {
                return;
            }
            opening = true;
        }
        // One response more than is due, to notice a server that sends too many.
        int welcome = method.kind().hasResponseStream() ? 0 : 2;
        ClientStream opened = connections.open(start, sole, welcome, this, options.waitForReady());
        Status alreadyCancelled;
        int demand;
        synchronized (this) {
            stream = opened;
            opening = false;
            demand = earlyDemand;
            alreadyCancelled = cancelled;
        }
        if (demand > 0) {
            opened.request(demand);
        }
        if (alreadyCancelled != null) {
            opened.cancel(alreadyCancelled);
        }
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
        if (method.kind().hasResponseStream()) {
            deliver(() -> listener().onHeaders(headers));
        } else {
            responseHeaders = headers;
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
        if (method.kind().hasResponseStream()) {
            deliver(() -> listener().onMessage(response.get()));
        } else if (soleResponse == null) {
            soleResponse = response;
        } else {
            response.drop();
            // statuscodes.md: a response cardinality violation is UNIMPLEMENTED.
            breakOff(
                    Status.of(StatusCode.UNIMPLEMENTED, method.fullName() + " has one response, the server sent more"));
        }
    }

    @Override
    public void onReady() {
        if (method.kind().hasRequestStream()) {
            deliver(() -> listener().onReady());
        }
    }

    @Override
    public void onClosed(Status status, Metadata trailers, boolean unprocessed) {
        CallHead start = head;
        OutboundMessage<Q> request = soleRequest;
        if (unprocessed && start != null && request != null && status.code() == StatusCode.UNAVAILABLE) {
            if (redirects++ < MAX_REDIRECTS) {
                open(start, request);
                return;
            }
        }
        deliver(() -> close(status, trailers));
    }

    /** Ends a call whose responses break the rules; what the server says from now on does not count. */
    private void breakOff(Status why) {
        broken = why;
        ClientStream open;
        synchronized (this) {
            open = stream;
            if (open == null) {
                cancelled = why; // Still being opened: cancelled as soon as it is.
            }
        }
        if (open != null) {
            open.cancel(why);
        }
    }

    private void close(Status status, Metadata trailers) {
        ended = true;
        MessageDecoder.Pending<R> response = soleResponse;
        soleResponse = null;
        Status outcome = broken == null ? status : broken;
        if (!method.kind().hasResponseStream()) {
            if (responseHeaders != null) {
                listener().onHeaders(responseHeaders);
            }
            if (outcome.isOk() && response == null) {
                outcome = Status.of(
                        StatusCode.UNIMPLEMENTED, method.fullName() + " has one response, the server sent none");
            }
            if (response != null && !outcome.isOk()) {
                response.drop();
            } else if (response != null) {
                R message;
                try {
                    message = response.get();
                } catch (StatusException undecodable) {
                    listener().onClose(undecodable.status(), trailers);
                    return;
                }
                listener().onMessage(message);
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
        if (events != null) {
            events.offer(() -> guarded(event));
        } else {
            guarded(event);
        }
    }

    private void guarded(Runnable event) {
        try {
            event.run();
        } catch (Throwable thrown) {
            LOG.log(System.Logger.Level.WARNING, "a listener of " + method.fullName() + " failed", thrown);
            cancel("a listener failed", thrown);
        }
    }
}
