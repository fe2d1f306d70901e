// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One call being made. Interceptors wrap it (see {@link ForwardingClientCall}); generated code speaks to it through
 * {@code stub}.
 *
 * <p>Thread rule: {@link #start}, then {@link #send} and {@link #halfClose} from one thread at a time; {@link #cancel},
 * {@link #request} and {@link #isReady} from any.
 *
 * @param <Q> the request type
 * @param <R> the response type
 */
public interface ClientCall<Q, R> {

    /**
     * Begins the call. The first thing to do, once.
     *
     * @param headers metadata in addition to that of the call's options
     */
    void start(Listener<R> listener, Metadata headers);

    /**
     * Asks for this many more responses; none is delivered without being asked for. A single response needs no asking.
     *
     * @throws IllegalArgumentException if the number is not positive
     */
    void request(int messages);

    /**
     * Sends a request; after the call has ended this does nothing.
     *
     * @throws IllegalStateException before {@link #start}, after {@link #halfClose}, or for a second request of a method
     *     that has only one
     */
    void send(Q request);

    /**
     * No more requests follow. A second time does nothing.
     *
     * @throws IllegalStateException before {@link #start}, or before the request of a method that has exactly one
     */
    void halfClose();

    /**
     * Ends the call with CANCELLED and tells the server; after the call has ended this does nothing.
     *
     * @param why for people; does not travel
     */
    void cancel(String why, @Nullable Throwable cause);

    /**
     * Whether the requests sent from now on are compressed, if the call's options say so at all. True at first. For the
     * thread that sends.
     */
    void setMessageCompression(boolean compressed);

    /** Whether the response that was delivered last had arrived compressed. For the listener. */
    boolean isResponseCompressed();

    /** Whether more should be sent now; when this turns true again the listener hears {@code onReady}. */
    boolean isReady();

    /**
     * Hears the answer, one event at a time: headers?, message*, close.
     *
     * @param <R> the response type
     */
    interface Listener<R> {

        default void onHeaders(Metadata headers) {}

        default void onMessage(R response) {}

        /** The end; nothing follows. */
        default void onClose(Status status, Metadata trailers) {}

        /** More may be sent. */
        default void onReady() {}
    }
}
