// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code content-type}.
 *
 * <pre>
 * Content-Type → "content-type" "application/grpc" [("+proto" / "+json" / {custom})]
 * </pre>
 */
public final class ContentType {

    /** What we send. */
    public static final AsciiString GRPC = AsciiString.cached("application/grpc");

    private ContentType() {}

    /**
     * Whether this is gRPC, with any message format and any parameters. Media types know no case (RFC 9110, 8.3.1).
     * {@code application/grpc-web} is another protocol.
     */
    public static boolean isGrpc(@Nullable CharSequence contentType) {
        if (contentType == null || !startsWithGrpc(contentType)) {
            return false;
        }
        int next = GRPC.length();
        if (next < contentType.length() && contentType.charAt(next) == '+') {
            return true;
        }
        // parameters = *( OWS ";" OWS [ parameter ] )
        while (next < contentType.length() && (contentType.charAt(next) == ' ' || contentType.charAt(next) == '\t')) {
            next++;
        }
        return next == contentType.length() || contentType.charAt(next) == ';';
    }

    private static boolean startsWithGrpc(CharSequence contentType) {
        return AsciiString.regionMatches(contentType, true, 0, GRPC, 0, GRPC.length());
    }
}
