// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import org.jspecify.annotations.Nullable;

/**
 * TLS with the other end did not come about, or broke; the text says why. It has no stack trace: where it was noticed says
 * nothing, and strangers can make a server notice many.
 */
final class TlsFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TlsFailure(String text, @Nullable Throwable cause) {
        super(text, cause, false, false);
    }
}
