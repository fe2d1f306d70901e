// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.List;

/**
 * The lawful frames of gRPC over HTTP/2, to be sent as they are or made lawless one field at a time:
 * {@code peer.send(GrpcFrames.request(1, "/pkg.Service/Method").without("te"))}.
 */
public final class GrpcFrames {

    private GrpcFrames() {}

    /** What every request says: POST, http, this path, an authority, {@code te: trailers}, application/grpc. */
    public static List<Header> requestHeaders(String path) {
        return Header.list(
                ":method", "POST",
                ":scheme", "http",
                ":path", path,
                ":authority", "127.0.0.1",
                "te", "trailers",
                "content-type", "application/grpc");
    }

    /** What a response says before its first message. */
    public static List<Header> responseHeaders() {
        return Header.list(":status", "200", "content-type", "application/grpc");
    }

    public static List<Header> trailers(int status) {
        return Header.list("grpc-status", Integer.toString(status));
    }

    /** @param message as people read it; it is percent-encoded here */
    public static List<Header> trailers(int status, String message) {
        return Header.list("grpc-status", Integer.toString(status), "grpc-message", PercentEncoding.encode(message));
    }

    /** HEADERS that open a call and leave the stream open for messages. */
    public static Frame.Headers request(int streamId, String path) {
        return new Frame.Headers(streamId, requestHeaders(path), false);
    }

    /** HEADERS that open a response. */
    public static Frame.Headers response(int streamId) {
        return new Frame.Headers(streamId, responseHeaders(), false);
    }

    /** HEADERS that end a response. */
    public static Frame.Headers end(int streamId, int status) {
        return new Frame.Headers(streamId, trailers(status), true);
    }

    /** HEADERS that end a response. */
    public static Frame.Headers end(int streamId, int status, String message) {
        return new Frame.Headers(streamId, trailers(status, message), true);
    }

    /** HEADERS that are a whole response: Trailers-Only. */
    public static Frame.Headers trailersOnly(int streamId, int status, String message) {
        Frame.Headers response = response(streamId).andEndStream();
        for (Header trailer : trailers(status, message)) {
            response = response.plus(trailer.name(), trailer.value());
        }
        return response;
    }

    /** One message behind its prefix: five octets saying "not compressed" and the length. */
    public static Octets message(byte... payload) {
        return new GrpcMessage(false, Octets.of(payload)).prefixed();
    }

    /** DATA with one whole message, after which more may follow. */
    public static Frame.Data data(int streamId, byte... payload) {
        return new Frame.Data(streamId, message(payload), false);
    }

    /** DATA with one whole message, the last of its sender. */
    public static Frame.Data lastData(int streamId, byte... payload) {
        return new Frame.Data(streamId, message(payload), true);
    }

    /** Empty DATA that ends the sender's half of the stream. */
    public static Frame.Data endOfMessages(int streamId) {
        return new Frame.Data(streamId, Octets.EMPTY, true);
    }
}
