// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import dev.peregrine.grpc.Metadata;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * What a server needs to know of how a call was opened, in whatever grammar it travelled. {@link RequestHeaders} is one as
 * it stands, so that no call needs a second object for it.
 */
public interface RequestHead {

    /** {@code /service/method}. */
    @Nullable
    AsciiString path();

    /** The server's name as the client knows it. */
    @Nullable
    AsciiString authority();

    /** How long the client waits, in nanoseconds; negative if it has not said. */
    long timeoutNanos();

    /** What requests that are flagged as compressed are compressed with; null if none will be. */
    default @Nullable AsciiString encoding() {
        return null;
    }

    /** The comma-separated names of what responses may be compressed with; null for nothing. */
    default @Nullable AsciiString acceptEncoding() {
        return null;
    }

    /** The application's metadata. */
    Metadata metadata();
}
