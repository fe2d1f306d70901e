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
 */
public record CallHead(
        String path, String authority, @Nullable Deadline deadline, Metadata metadata) {}
