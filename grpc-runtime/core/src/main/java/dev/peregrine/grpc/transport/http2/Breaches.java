// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import io.netty.handler.codec.http2.Http2Exception;
import java.nio.charset.StandardCharsets;

/** What a peer gets that broke the rules: of one stream, of the connection, or by not speaking HTTP/2 at all. */
final class Breaches implements FrameInput.StreamErrors {

    private static final System.Logger LOG = System.getLogger(Breaches.class.getName());

    private final Connection connection;
    private final Role role;

    Breaches(Connection connection, Role role) {
        this.connection = connection;
        this.role = role;
    }

    /** RFC 9113 §5.4.2: RST_STREAM, unless the stream has never been opened. */
    @Override
    public void onStreamError(Http2Exception.StreamException error) {
        int streamId = error.streamId();
        if (error instanceof Http2Exception.HeaderListSizeException) {
            role.headersTooLarge(streamId);
            return;
        }
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            connection.resetStream(stream, error.error().code(), String.valueOf(error.getMessage()));
        } else if (role.wasUsed(streamId)) {
            if (!connection.wasReset(streamId)) {
                connection.resetStream(streamId, error.error().code());
            }
        } else {
            throw new ConnectionError(error.error().code(), String.valueOf(error.getMessage()));
        }
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
            connection
                    .output()
                    .raw(("HTTP/1.1 505 HTTP Version Not Supported\r\nconnection: close\r\n"
                                    + "content-type: text/plain; charset=utf-8\r\ncontent-length: "
                                    + (text.length() + 1) + "\r\n\r\n" + text + "\n")
                            .getBytes(StandardCharsets.US_ASCII));
            connection.farewell().closeAfterFlush(why, true);
        } else {
            connection.farewell().close(ErrorCode.PROTOCOL_ERROR, text, why);
        }
    }
}
