// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

/**
 * The peer broke HTTP/2 in a way that ends the connection (RFC 9113 §5.4.1). Thrown while a frame is being handled,
 * caught in one place, answered with GOAWAY. Not an exception anybody debugs here, so it has no stack trace.
 */
final class ConnectionError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long code;

    ConnectionError(long code, String text) {
        super(text, null, false, false);
        this.code = code;
    }

    long code() {
        return code;
    }
}
