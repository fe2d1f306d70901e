// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.codec.Inflation;
import dev.peregrine.grpc.codec.MessageDecoder;
import dev.peregrine.grpc.transport.CompressibleStream;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.SerialEvents;
import dev.peregrine.grpc.transport.ServerStream;
import dev.peregrine.grpc.transport.ServerStreamListener;
import dev.peregrine.grpc.wire.RequestHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A call between its first header and its last trailer: the bytes of the transport on one side, the messages of the
 * handler on the other.
 *
 * <pre>
 *   connection's thread            | handler's thread (the same in EVENT_LOOP mode)
 *   begin ── onMessage ── onHalfClosed ──▶ handle, onStart, onMessage, onHalfClose
 *   onClosed ──────────────────────▶ onCancel          send, close ──▶ stream
 * </pre>
 *
 * A call with a single request makes exactly one hop: the request is collected first and everything is then delivered
 * in one go.
 */
final class RunningCall<Q, R> extends HandledCall implements ServerCall<Q, R>, ServerStreamListener {

    private static final System.Logger LOG = System.getLogger(RunningCall.class.getName());

    private final ServerMethod<Q, R> method;
    private final MessageDecoder<Q> decoder;

    // The caller's side; connection's thread.
    private MessageDecoder.@Nullable Pending<Q> soleRequest;

    /** Made when the first compressed request comes. */
    private @Nullable Inflation inflation;

    // The handler's side; one thread at a time.
    /** Deaf until the handler has returned its own, and for ever if it threw instead. */
    private ServerCall.Listener<Q> listener = new ServerCall.Listener<>() {};

    private @Nullable OutboundMessage<R> soleResponse;

    /** Ended by {@link #fail}: what the handler comes to, if it is still at work, follows from that and is no news. */
    private boolean failed;

    /**
     * @param events how they reach the handler's thread; null in EVENT_LOOP mode
     * @param admission null if nothing limits how many calls there are
     */
    RunningCall(
            ServedMethod<Q, R> served,
            RequestHead head,
            ServerStream stream,
            @Nullable SerialEvents events,
            @Nullable Admission admission) {
        super(served, head, stream, events, admission);
        this.method = served.method();
        this.decoder = MessageDecoder.ofRequests(method.descriptor(), events != null);
    }

    // ---- what the transport tells, on the connection's thread ----

    void begin() {
        compressByDefault();
        if (method.descriptor().kind().hasRequestStream()) {
            beginWith(() -> {
                if (!over) { // Else the caller went away while the call waited for a thread.
                    start();
                    listener.onStart();
                }
            });
        } else {
            stream.requestSole();
        }
    }

    /** Whether the call may begin; answers it if it may not. */
    boolean passes(CallGuard guard) {
        Status refusal;
        try {
            refusal = guard.refusal(this);
        } catch (RuntimeException | Error broken) {
            fail(broken);
            return false;
        }
        if (refusal != null) {
            close(refusal, Metadata.EMPTY);
        }
        return refusal == null;
    }

    @Override
    public void onMessage(ByteBuf message, boolean compressed) {
        if (refused) {
            return;
        }
        MessageDecoder.Pending<Q> request;
        try {
            request = compressed ? decoder.decode(message, inflation()) : decoder.decode(message);
        } catch (StatusException broken) {
            refuse(broken.status());
            return;
        }
        if (request.isDeferred()) {
            leaveEventLoop();
        }
        if (method.descriptor().kind().hasRequestStream()) {
            deliver(request);
        } else if (soleRequest == null) {
            soleRequest = request;
        } else {
            request.drop();
            // statuscodes.md: a request cardinality violation is UNIMPLEMENTED.
            refuse(Status.of(
                    StatusCode.UNIMPLEMENTED,
                    method.descriptor().fullName() + " takes one request, more than one came"));
        }
    }

    private Inflation inflation() {
        if (inflation == null) {
            inflation = compression.inflation(head.encoding());
        }
        if (inflation == null) {
            throw new StatusException(
                    StatusCode.INTERNAL,
                    "a request was flagged as compressed, but the call announced no message encoding");
        }
        return inflation;
    }

    private void deliver(MessageDecoder.Pending<Q> request) {
        CompressibleStream heldUp = request.isDeferred() && !mayBlock() ? CompressibleStream.of(stream) : null;
        if (heldUp != null) {
            heldUp.hold(true); // A thread of its own would ask for one at a time; this one has asked already.
        }
        boolean delivered = deliver(() -> {
            try {
                if ((over || closed) && request.isDeferred()) {
                    request.drop(); // Nobody waits for what this would cost.
                } else {
                    hear(request);
                }
            } finally {
                if (heldUp != null) {
                    heldUp.hold(false);
                }
            }
        });
        if (!delivered) {
            request.drop();
        }
    }

    private void hear(MessageDecoder.Pending<Q> request) {
        Q message;
        try {
            message = take(request);
        } catch (StatusException broken) {
            giveUp(broken.status());
            return;
        }
        listener.onMessage(message);
    }

    /** As {@link #refuse}, where the requests are read: what comes behind one that cannot be read is not heard. */
    private void giveUp(Status status) {
        ServerCall.Listener<Q> told = listener;
        listener = new ServerCall.Listener<>() {};
        if (!closed) {
            over = true;
            cancel(status); // First: behind the end there is nothing left to cancel.
            stream.end(status, Metadata.EMPTY);
            told.onCancel(status);
        }
    }

    private Q take(MessageDecoder.Pending<Q> request) {
        requestCompressed = request.isCompressed();
        return request.get();
    }

    @Override
    public void onHalfClosed() {
        if (refused) {
            return;
        }
        if (method.descriptor().kind().hasRequestStream()) {
            deliver(() -> listener.onHalfClose());
            return;
        }
        MessageDecoder.Pending<Q> request = soleRequest;
        if (request == null) {
            refuse(Status.of(
                    StatusCode.UNIMPLEMENTED, method.descriptor().fullName() + " takes one request, none came"));
            return;
        }
        soleRequest = null; // The handler's from here on.
        if (!beginWith(() -> runWhole(request))) {
            request.drop();
        }
    }

    @Override
    public void onReady() {
        if (method.descriptor().kind().hasResponseStream() && !over) {
            deliver(() -> listener.onReady());
        }
    }

    @Override
    public void onClosed(@Nullable Status failure) {
        over = true;
        try {
            if (failure == null || closed) {
                endCancellation();
                wakeHandler(); // Somebody else may have closed the call under it.
            } else {
                cancelHandler(failure);
            }
        } finally { // A handler that hears this in place may throw.
            leaveLimits();
        }
    }

    private void cancelHandler(Status failure) {
        cancel(failure);
        interruptHandler();
        dropCollected();
        if (hasBegun()) {
            deliver(() -> listener.onCancel(failure));
        }
    }

    @Override
    public void onServerLeaves() {
        if (method.graceless() && !over) {
            refuse(Status.of(StatusCode.UNAVAILABLE, "the server shuts down"));
        }
    }

    /** A handler that has closed the call itself is about to leave. */
    @Override
    public boolean isStillBusy(Runnable whenFree) {
        return !closed && isHandling(whenFree);
    }

    /** Answers a caller before the handler does, because its requests break the rules or for lack of time; the handler, if it runs, is told to stop. */
    private void refuse(Status status) {
        refused = true;
        onClosed(status); // First: behind the end there is nothing left to cancel.
        stream.end(status, Metadata.EMPTY);
    }

    @Override
    void cannotSend() {
        refuse(Status.of(StatusCode.INTERNAL, "the response could not be sent"));
    }

    /** Lets go of a request that will not reach a handler. */
    private void dropCollected() {
        if (soleRequest != null) {
            soleRequest.drop();
            soleRequest = null;
        }
    }

    /** The whole of a call with one request: everything in one hop. */
    private void runWhole(MessageDecoder.Pending<Q> request) {
        if (over) {
            request.drop(); // The caller went away while the call waited for a thread.
            return;
        }
        Q message = take(request);
        start();
        listener.onStart();
        listener.onMessage(message);
        listener.onHalfClose();
    }

    private void start() {
        listener = method.handler().handle(this);
    }

    @Override
    public void fail(Throwable thrown) {
        Failure failure = Failure.of(thrown, deadline());
        if (failure.isUnexpected() && !over && !failed) {
            LOG.log(System.Logger.Level.ERROR, failure.forTheLog(method.descriptor()), thrown);
        }
        if (!closed) {
            failed = true;
            cancel(failure.status()); // First: behind the end there is nothing left to cancel.
            close(failure.status(), failure.trailers());
        }
    }

    // ---- what the handler does ----

    @Override
    public MethodDescriptor<Q, R> method() {
        return method.descriptor();
    }

    @Override
    public CallContext context() {
        return this;
    }

    @Override
    public void request(int messages) {
        if (messages < 1) {
            throw new IllegalArgumentException("demand: " + messages + " (expected: >= 1)");
        }
        if (method.descriptor().kind().hasRequestStream()) {
            stream.request(messages);
        }
    }

    @Override
    public void sendHeaders() {
        if (!headersSent) {
            headersSent = true;
            out().headers(responseHeaders);
        }
    }

    @Override
    public void send(R response) {
        if (closed) {
            throw new IllegalStateException(
                    "the call of " + method.descriptor().fullName() + " is closed; send every response before close");
        }
        if (over) {
            return; // News crosses: the caller is gone and the handler has not heard yet.
        }
        OutboundMessage<R> message = new OutboundMessage<>(method.descriptor().responseMarshaller(), response);
        if (method.descriptor().kind().hasResponseStream()) {
            sendHeaders();
            out().write(message);
        } else if (soleResponse == null) {
            soleResponse = message;
        } else {
            throw new IllegalStateException(method.descriptor().fullName() + " has one response, a second was sent");
        }
    }

    @Override
    public boolean isReady() {
        return !over && out().isReady();
    }

    @Override
    public void close(Status status, Metadata trailers) {
        if (closed) {
            throw new IllegalStateException("the call of " + method.descriptor().fullName() + " was closed before");
        }
        closed = true;
        if (!over) {
            answer(status, responseTrailers.plus(trailers));
        }
        leaveLimits();
    }

    private void answer(Status status, Metadata trailers) {
        if (!status.isOk()) {
            out().end(status, headersSent ? trailers : responseHeaders.plus(trailers));
        } else if (method.descriptor().kind().hasResponseStream()) {
            sendHeaders();
            out().end(status, trailers);
        } else {
            answerWithSoleResponse(trailers);
        }
    }

    private void answerWithSoleResponse(Metadata trailers) {
        OutboundMessage<R> response = soleResponse;
        if (response == null) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the handler of {0} closed the call as OK without a response",
                    method.descriptor().fullName());
            out().end(Status.of(StatusCode.UNKNOWN, "the service failed to answer"), trailers);
        } else if (headersSent) {
            out().write(response);
            out().end(Status.OK, trailers);
        } else {
            out().reply(responseHeaders, response, trailers);
        }
    }
}
