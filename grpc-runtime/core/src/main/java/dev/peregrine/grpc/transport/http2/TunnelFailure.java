// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.io.IOException;

/** A proxy has not opened a way to the server. No failure of TLS, though it comes before the handshake has ended. */
final class TunnelFailure extends IOException {

    private static final long serialVersionUID = 1L;

    TunnelFailure(String text) {
        super(text);
    }
}
