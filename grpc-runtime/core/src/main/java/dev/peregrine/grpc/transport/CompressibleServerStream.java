// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import org.jspecify.annotations.Nullable;

/** A server's stream over a transport that {@linkplain TransportProvider#compresses() compresses}. */
public interface CompressibleServerStream extends ServerStream, CompressibleStream {

    /**
     * Says what the response headers will say of encodings, before they are sent.
     *
     * @param responses what responses that are flagged as compressed are compressed with; null if none will be
     * @param accepted the encodings that requests may have, as {@code grpc-accept-encoding} lists them
     */
    void encodings(@Nullable String responses, String accepted);
}
