// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * A stream of responses being read by a blocking client. Close it when done: closing before the end cancels the call.
 *
 * <pre>{@code
 * try (var replies = greeter.watch(request)) {
 *     for (HelloReply reply : replies) { ... }
 * }
 * }</pre>
 *
 * <p>Reading is for one thread at a time; {@link #close} for any. Iterating is reading, so it works once.
 *
 * @param <R> the response type
 */
public interface ServerStreamingCall<R> extends Iterable<R>, AutoCloseable {

    /**
     * The next response, waiting for it; null when the server has ended the call with OK. The server is held back while
     * nothing is read.
     *
     * @throws dev.peregrine.grpc.StatusException with the call's status if it ended otherwise
     */
    @Nullable
    R read();

    /**
     * The response headers, waiting for them.
     *
     * @throws dev.peregrine.grpc.StatusException if the call failed before there were any
     */
    Metadata headers();

    /**
     * What came with the status.
     *
     * @throws IllegalStateException before the call has ended
     */
    Metadata trailers();

    /** Cancels the call unless it has ended. */
    @Override
    void close();
}
