// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import org.jspecify.annotations.Nullable;

/**
 * What a service may know and say about the call it is answering, beside the messages. It belongs to the call, not to
 * a thread: {@link #current()} finds it inside a handler and its interceptors; hand the object itself to other threads.
 *
 * <p>Thread rule: the reading methods are safe everywhere; response metadata and compression are set by one thread at a
 * time, before the response headers respectively the trailers have gone out.
 */
public interface CallContext {

    /** The method being called. */
    MethodDescriptor<?, ?> method();

    /** What the caller sent beside the messages. */
    Metadata requestMetadata();

    /** The name the caller used for this server ({@code :authority}). */
    String authority();

    Peer peer();

    /** When the caller stops waiting; null if it waits for ever. */
    @Nullable
    Deadline deadline();

    Cancellation cancellation();

    /**
     * Adds to the metadata that goes out before the first message.
     *
     * @throws IllegalStateException if the response headers have gone out
     */
    void addResponseHeaders(Metadata headers);

    /**
     * Adds to the metadata that goes out with the status.
     *
     * @throws IllegalStateException if the call has ended
     */
    void addResponseTrailers(Metadata trailers);

    /**
     * Compresses the responses of this call with this encoding, if the caller can read it; {@code identity} for not at
     * all. Without this the server's default holds, which is not to compress. Responses that do not become smaller go
     * out as they are.
     *
     * @return whether it is so; if the caller does not name this encoding among those it reads, nothing is compressed
     * @throws IllegalArgumentException if the server has no encoding of this name
     * @throws IllegalStateException if the response headers have gone out
     */
    boolean setResponseCompression(String encoding);

    /**
     * Whether the responses sent from now on are compressed, if the call's are: false for those that should not be, because
     * they are compressed by nature, or hold secrets beside text of the caller's. True at first.
     */
    void setMessageCompression(boolean compressed);

    /** Whether the request that was delivered last had arrived compressed. For the thread it was delivered on. */
    boolean isRequestCompressed();

    <T> @Nullable T attribute(AttributeKey<T> key);

    <T> void setAttribute(AttributeKey<T> key, T value);

    /**
     * The call that the running thread is answering.
     *
     * @throws IllegalStateException outside a handler
     */
    static CallContext current() {
        CallContext context = CurrentCall.get();
        if (context == null) {
            throw new IllegalStateException("no gRPC call is being answered on thread '"
                    + Thread.currentThread().getName()
                    + "'; take CallContext.current() inside the handler and hand the object to other threads");
        }
        return context;
    }

    /** The call that the running thread is answering, or null. */
    static @Nullable CallContext currentOrNull() {
        return CurrentCall.get();
    }

    /** Makes this the current call of the running thread until the scope is closed, in reverse order of opening. */
    default Scope makeCurrent() {
        CallContext previous = CurrentCall.swap(this);
        return () -> CurrentCall.swap(previous);
    }

    /** Undoes {@link #makeCurrent()}. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
