// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;

/**
 * One call being answered. Interceptors wrap it (see {@link ForwardingServerCall}); generated code speaks to it through
 * {@code stub}.
 *
 * <p>Thread rule: sending ({@link #sendHeaders}, {@link #send}, {@link #close}) from one thread at a time; the rest from
 * any thread.
 *
 * @param <Q> the request type
 * @param <R> the response type
 */
public interface ServerCall<Q, R> {

    MethodDescriptor<Q, R> method();

    CallContext context();

    /**
     * Asks for this many more requests; none is delivered without being asked for.
     *
     * @throws IllegalArgumentException if the number is not positive
     */
    void request(int messages);

    /** Sends the response headers now; otherwise they go with the first response. A second time does nothing. */
    void sendHeaders();

    /**
     * Sends a response.
     *
     * @throws IllegalStateException after {@link #close}, or for a second response of a method that has only one
     */
    void send(R response);

    /** Whether more should be sent now; when this turns true again the listener hears {@code onReady}. */
    boolean isReady();

    /**
     * Ends the call. After the caller has gone this does nothing.
     *
     * @throws IllegalStateException if the call was closed before
     */
    void close(Status status, Metadata trailers);

    /**
     * Ends the call with what went wrong: a {@link dev.peregrine.grpc.StatusException} with its status, unless it is
     * {@linkplain dev.peregrine.grpc.StatusException#isOfCall that of a call we made}; anything else with UNKNOWN and
     * without its text. Whatever else is done for the call is {@linkplain CallContext#cancellation cancelled}. Does nothing if
     * the call is closed or the caller gone.
     */
    void fail(Throwable thrown);

    /**
     * Lets a handler of {@link ExecutionMode#BLOCKING} wait: delivers the next event of this call on the running thread.
     *
     * @throws IllegalStateException in {@link ExecutionMode#EVENT_LOOP}, where nothing may wait
     * @throws dev.peregrine.grpc.StatusException CANCELLED if the call has been closed, so that nothing more happens
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void awaitEvent() throws InterruptedException;

    /**
     * Hears the events of one call, one at a time: message*, half-close?, and cancel at any time.
     *
     * @param <Q> the request type
     */
    interface Listener<Q> {

        /** The call has begun and this listener is in place. Where a blocking handler of a request stream runs. */
        default void onStart() {}

        default void onMessage(Q request) {}

        /** No more requests follow. Where the handler of a single request runs. */
        default void onHalfClose() {}

        /** More may be sent. */
        default void onReady() {}

        /** Nobody waits for the answer any more; what is sent from now on is dropped. */
        default void onCancel(Status reason) {}
    }
}
