// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** TLS with the other end did not come about, or broke; the text says why. */
final class TlsFailure extends IOException {

    private static final long serialVersionUID = 1L;

    TlsFailure(String text, @Nullable Throwable cause) {
        super(text, cause);
    }

    /** Where it was noticed says nothing, and strangers can make a server notice many. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
