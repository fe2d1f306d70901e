// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

/** The four shapes of a call. */
public enum MethodKind {
    UNARY(false, false),
    CLIENT_STREAMING(true, false),
    SERVER_STREAMING(false, true),
    BIDI_STREAMING(true, true);

    private final boolean requestStream;
    private final boolean responseStream;

    MethodKind(boolean requestStream, boolean responseStream) {
        this.requestStream = requestStream;
        this.responseStream = responseStream;
    }

    /** Whether any number of requests may come; otherwise exactly one does. */
    public boolean hasRequestStream() {
        return requestStream;
    }

    /** Whether any number of responses may come; otherwise exactly one does if the call succeeds. */
    public boolean hasResponseStream() {
        return responseStream;
    }
}
