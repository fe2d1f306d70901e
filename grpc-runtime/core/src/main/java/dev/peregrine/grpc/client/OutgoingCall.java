// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.codec.Inflation;
import dev.peregrine.grpc.codec.MessageDecoder;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.CompressibleStream;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.Resend;
import dev.peregrine.grpc.wire.Excerpt;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A call between the application's messages and the transport's bytes: the upper layer of three, which are one object
 * because there is one for each call. {@link OpenedCall} finds the way to a stream, {@link ListenedCall} that to the listener.
 *
 * <p>A single request is kept until {@link #halfClose} and then leaves together with the headers, in one piece. A single
 * response is kept until the status is there; see {@link SoleResponse}.
 */
final class OutgoingCall<Q, R> extends ListenedCall<Q, R> {

    private static final Status CANCELLED = Status.of(StatusCode.CANCELLED);

    private final String authority;
    private final CompressionPolicy compression;
    private final MessageDecoder<R> decoder;

    /** Null if requests are not compressed. */
    private final @Nullable RequestCompression requests;

    /** Null if there is a stream of responses. */
    private final @Nullable SoleResponse<R> soleResponse;

    private boolean sent;

    /** Nothing follows from the transport; connection's thread. */
    private boolean closed;

    /** What unpacks the responses; null if the server announced no encoding. Connection's thread. */
    private @Nullable Inflation inflation;

    /** The listener's. */
    private boolean responseCompressed;

    /** Why the responses do not count; found on the connection's thread, or where they are decoded. */
    private volatile @Nullable Status broken;

    /**
     * @param encoding what requests are compressed with; null for not at all
     */
    OutgoingCall(
            MethodDescriptor<Q, R> method,
            CallOptions options,
            String authority,
            Subchannel connections,
            CompressionPolicy compression,
            @Nullable MessageEncoding encoding) {
        super(method, options, connections);
        this.authority = authority;
        this.compression = compression;
        this.requests = encoding == null ? null : new RequestCompression(encoding, this::roomAgain, this::cannotSend);
        this.decoder = MessageDecoder.ofResponses(method, options.executor() != null);
        this.soleResponse = method.kind().hasResponseStream() ? null : new SoleResponse<>(method);
    }

    // ---- what the application does ----

    @Override
    public void start(Listener<R> listener, Metadata headers) {
        listenWith(listener);
        Deadline deadline = options.effectiveDeadline();
        Status futile = null;
        if (deadline != null && deadline.isExpired()) {
            futile = Status.of(StatusCode.DEADLINE_EXCEEDED, "the deadline had passed before the call was sent");
        }
        CallHead start = new CallHead(
                method.path(),
                authority,
                deadline,
                options.metadata().plus(headers),
                requests == null ? null : requests.name());
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
            requireStarted();
            if (requests == null) {
                say(message);
            } else {
                requests.message(message, this::say);
            }
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
            requireStarted();
            if (requests == null) {
                sayEnd();
            } else {
                requests.step(this::sayEnd);
            }
            return;
        }
        CallHead start = head;
        if (start == null || soleRequest == null) {
            throw new IllegalStateException(
                    "the call of " + method.fullName() + " was half-closed before it was started and its request sent");
        }
        if (requests == null) {
            open(start, soleRequest);
        } else {
            requests.message(soleRequest, compressed -> {
                soleRequest = compressed; // If it goes out again, it need not be compressed again.
                open(start, compressed);
            });
        }
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
        if (requests != null && !requests.isClear()) {
            return false;
        }
        ClientStream open = stream;
        return open == null ? !method.kind().hasRequestStream() : open.isReady();
    }

    /** Requests that waited to be compressed are on their way. */
    private void cannotSend(Throwable cause) {
        Status status =
                Status.of(StatusCode.INTERNAL, "the request could not be sent").withCause(cause);
        if (cancel(status)) {
            deliver(() -> listener().onClose(status, Metadata.EMPTY));
        }
    }

    private void roomAgain() {
        ClientStream open = stream;
        if (open != null && method.kind().hasRequestStream()) {
            CompressibleStream.of(open).execute(this::onReady);
        }
    }

    @Override
    public void setMessageCompression(boolean compressed) {
        if (requests != null) {
            requests.sendPlain(!compressed);
        }
    }

    @Override
    public boolean isResponseCompressed() {
        return responseCompressed;
    }

    private void requireStarted() {
        if (head == null) {
            throw new IllegalStateException("the call of " + method.fullName() + " is not started");
        }
    }

    // ---- what the transport tells, on the connection's thread ----

    @Override
    public void onEncoding(CharSequence name) {
        inflation = compression.inflation(name);
        if (!compression.encodings().canRead(name)) {
            refuse(Status.of(
                    StatusCode.INTERNAL,
                    "the server compresses with '" + Excerpt.of(name) + "', which this client did not offer (offered: "
                            + compression.encodings().names() + ")"));
        }
    }

    @Override
    public void onHeaders(Metadata headers) {
        commit();
        if (broken != null) {
            return;
        }
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
        Inflation unpacking = inflation;
        if (compressed && unpacking == null) {
            refuse(Status.of(
                    StatusCode.INTERNAL, "a response was flagged as compressed, but the server announced no encoding"));
            return;
        }
        MessageDecoder.Pending<R> response;
        try {
            response = compressed && unpacking != null ? decoder.decode(message, unpacking) : decoder.decode(message);
        } catch (StatusException undecodable) {
            refuse(undecodable.status());
            return;
        }
        if (response.isDeferred()) {
            leaveEventLoop();
        }
        if (soleResponse == null) {
            hearLater(response);
            return;
        }
        Status wrong = soleResponse.keep(response);
        if (wrong != null) {
            refuse(wrong);
        }
    }

    private void hearLater(MessageDecoder.Pending<R> response) {
        ClientStream from = response.isDeferred() && options.executor() == null ? stream : null;
        if (from == null) {
            deliver(() -> hear(response));
            return;
        }
        CompressibleStream open = CompressibleStream.of(from);
        open.hold(true); // Whatever was asked for, one large message after the other.
        deliver(() -> {
            try {
                hear(response);
            } finally {
                open.hold(false);
            }
        });
    }

    private void hear(MessageDecoder.Pending<R> response) {
        if (broken == null && response.isDeferred() && isCancelled()) {
            broken = cancelledOr(CANCELLED); // Nobody wants what it would cost to decode; without it, nothing is OK.
        }
        if (broken != null) {
            response.drop();
            return;
        }
        responseCompressed = response.isCompressed();
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
    public void onClosed(Status status, Metadata trailers, Resend resend) {
        Status outcome = status;
        if (resend != Resend.NEVER && status.code() == StatusCode.UNAVAILABLE) {
            if (openAgain(resend)) {
                return;
            }
            outcome = cancelledOr(status); // Our cancel has crossed news that made it pointless.
        }
        closed = true;
        commit();
        Status end = outcome;
        deliver(() -> close(end, trailers));
    }

    /** What the server says from now on does not count. */
    @Override
    void refuse(Status why) {
        broken = why;
        breakOff(why);
    }

    private void close(Status status, Metadata trailers) {
        ended = true;
        Status outcome = broken == null ? status : broken;
        if (soleResponse != null) {
            responseCompressed = soleResponse.isCompressed();
            try {
                outcome = soleResponse.deliver(outcome, listener());
            } catch (Throwable thrown) {
                outcome = listenerFailed(thrown); // Whoever waits for the end must still hear of it.
            }
        }
        listener().onClose(outcome, trailers);
    }
}
