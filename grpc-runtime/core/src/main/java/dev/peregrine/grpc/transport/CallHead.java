// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * How a client opens a call.
 *
 * @param path {@code /service/method}
 * @param authority the server's name as the client knows it
 * @param deadline when the client stops waiting; the transport ends the call then
 * @param metadata the application's metadata
 * @param encoding what requests that are flagged as compressed are compressed with; null if none will be
 */
public record CallHead(
        String path,
        String authority,
        @Nullable Deadline deadline,
        Metadata metadata,
        @Nullable String encoding) {

    /** A call without compressed requests. */
    public CallHead(String path, String authority, @Nullable Deadline deadline, Metadata metadata) {
        this(path, authority, deadline, metadata, null);
    }
}
