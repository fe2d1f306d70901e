// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.wire.ErrorCode;

/** What a peer gets that broke the rules: of the connection, or by not speaking HTTP/2 at all. */
final class Breaches {

    private static final System.Logger LOG = System.getLogger(Breaches.class.getName());

    private final Connection connection;

    Breaches(Connection connection) {
        this.connection = connection;
    }

    /** RFC 9113 §5.4.1: GOAWAY, and the end. */
    void onConnectionError(ConnectionError error) {
        LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", connection, error.getMessage());
        connection
                .farewell()
                .close(
                        error.code(),
                        String.valueOf(error.getMessage()),
                        Status.of(StatusCode.UNAVAILABLE, "HTTP/2 connection error: " + error.getMessage()));
    }

    /** An HTTP/1 client understands HTTP/1, for others there is GOAWAY. */
    void onNotHttp2(Preface.NotHttp2 other) {
        String text = String.valueOf(other.getMessage());
        LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", connection, text);
        Status why = Status.of(StatusCode.UNAVAILABLE, text);
        if (other.isHttp1()) {
            connection.output().raw(Http1Answer.of("505 HTTP Version Not Supported", text));
            connection.farewell().closeAfterFlush(why, true);
        } else {
            connection.farewell().close(ErrorCode.PROTOCOL_ERROR, text, why);
        }
    }
}
