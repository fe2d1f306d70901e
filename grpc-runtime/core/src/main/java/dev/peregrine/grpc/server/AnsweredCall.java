// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.AttributeKey;
import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Cancellation;
import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.Ticker;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.transport.CompressibleServerStream;
import dev.peregrine.grpc.transport.EventDelivery;
import dev.peregrine.grpc.transport.SerialEvents;
import dev.peregrine.grpc.transport.ServerStream;
import dev.peregrine.grpc.wire.EncodingNames;
import dev.peregrine.grpc.wire.RequestHead;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service may know and say about a call beside its messages: the lowest of three layers on
 * {@link EventDelivery}, which are one object because there is one for each call. Above it {@link HandledCall} runs the handler, and {@link RunningCall} carries
 * messages.
 */
abstract sealed class AnsweredCall extends EventDelivery implements CallContext permits HandledCall {

    private final MethodOptions options;
    final RequestHead head;
    final ServerStream stream;
    final CompressionPolicy compression;
    private final @Nullable Deadline deadline;

    // The handler's side; one thread at a time.
    Metadata responseHeaders = Metadata.EMPTY;
    Metadata responseTrailers = Metadata.EMPTY;
    boolean headersSent;
    volatile boolean closed;
    boolean requestCompressed;
    private boolean plainMessages;

    /** Null while responses are not compressed. */
    private @Nullable CompressingStream compressing;

    // Guarded by this.
    private Cancellation.@Nullable Source cancellation;
    private @Nullable Status cancelReason;
    private @Nullable Map<AttributeKey<?>, Object> attributes;

    AnsweredCall(ServedMethod<?, ?> served, RequestHead head, ServerStream stream, @Nullable SerialEvents events) {
        super(events);
        this.options = served.options();
        this.head = head;
        this.stream = stream;
        this.compression = served.compression();
        long timeoutNanos = options.timeoutNanos(head.timeoutNanos());
        this.deadline = timeoutNanos >= 0 ? Deadline.afterNanos(timeoutNanos, Ticker.SYSTEM) : null;
    }

    /** For the transport, as {@link #deadline} is for the handler. */
    public final long timeoutNanos(long asked) {
        return options.timeoutNanos(asked);
    }

    /** For the transport. */
    public final int maxMessageSize(int usual) {
        return options.maxMessageSizeOr(usual);
    }

    @Override
    public Metadata requestMetadata() {
        return head.metadata();
    }

    @Override
    public String authority() {
        return head.authority() == null ? "" : head.authority().toString();
    }

    @Override
    public Peer peer() {
        return stream.peer();
    }

    @Override
    public @Nullable Deadline deadline() {
        return deadline;
    }

    @Override
    public void addResponseHeaders(Metadata headers) {
        requireHeadersNotSent("add to them");
        responseHeaders = responseHeaders.plus(headers);
    }

    final void requireHeadersNotSent(String what) {
        if (headersSent) {
            throw new IllegalStateException("the response headers of " + method().fullName() + " are sent; " + what
                    + " before the first response");
        }
    }

    @Override
    public void addResponseTrailers(Metadata trailers) {
        if (closed) {
            throw new IllegalStateException("the call of " + method().fullName() + " has ended; add trailers before");
        }
        responseTrailers = responseTrailers.plus(trailers);
    }

    /** More may be sent; connection's thread. */
    public abstract void onReady();

    /** A response could not be sent, for a reason that is in the log; connection's thread. */
    abstract void cannotSend();

    /** Where responses go. */
    final ServerStream out() {
        return compressing == null ? stream : compressing;
    }

    @Override
    public boolean setResponseCompression(String encoding) {
        MessageEncoding known = compression.encodings().require(encoding);
        requireHeadersNotSent("choose the encoding");
        compressWith(encoding);
        return known == null || compressing != null;
    }

    /** Does what the server does with calls that choose nothing themselves. */
    final void compressByDefault() {
        compressWith(compression.outbound());
    }

    /** Compresses responses with this encoding if the caller reads it, else not. */
    private void compressWith(@Nullable String name) {
        if (head.acceptEncoding() == null || !(stream instanceof CompressibleServerStream compressible)) {
            return; // Caller or transport know nothing of encodings, and need not hear of them.
        }
        MessageEncoding encoding = name != null && EncodingNames.contain(head.acceptEncoding(), name)
                ? compression.encodings().find(name)
                : null;
        compressing = encoding == null
                ? null
                : new CompressingStream(compressible, encoding, this::onReady, this::cannotSend, plainMessages);
        compressible.encodings(
                encoding == null ? null : encoding.name(),
                compression.encodings().names());
    }

    @Override
    public void setMessageCompression(boolean compressed) {
        plainMessages = !compressed;
        if (compressing != null) {
            compressing.sendPlain(plainMessages);
        }
    }

    @Override
    public boolean isRequestCompressed() {
        return requestCompressed;
    }

    @Override
    public synchronized Cancellation cancellation() {
        if (cancellation == null) {
            cancellation = new Cancellation.Source();
            if (cancelReason != null) {
                cancellation.cancel(cancelReason);
            }
        }
        return cancellation.cancellation();
    }

    /** Tells whoever works for this call to stop; what is said first holds. */
    final void cancel(Status reason) {
        Cancellation.Source source;
        synchronized (this) {
            if (cancelReason == null) {
                cancelReason = reason;
            }
            source = cancellation;
        }
        if (source != null) {
            source.cancel(reason);
        }
    }

    final synchronized void endCancellation() {
        if (cancellation != null) {
            cancellation.done();
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public synchronized <T> @Nullable T attribute(AttributeKey<T> key) {
        return attributes == null ? null : (T) attributes.get(key);
    }

    @Override
    public synchronized <T> void setAttribute(AttributeKey<T> key, T value) {
        if (attributes == null) {
            attributes = new IdentityHashMap<>(4);
        }
        attributes.put(key, value);
    }
}
