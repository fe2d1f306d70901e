// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.wire.ContentType;
import dev.peregrine.grpc.wire.Excerpt;
import dev.peregrine.grpc.wire.RequestHeaders;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** What a request must be before it counts as a call. */
final class RequestRules {

    private RequestRules() {}

    /** RFC 9113 §8.1.1: a malformed request is a stream error, whatever it asks for. Null if it is well-formed. */
    static @Nullable String malformed(RequestHeaders head) {
        if (head.duplicatePseudo()) {
            return "a pseudo-header came twice";
        }
        if (head.pseudoAfterRegular()) {
            return "a pseudo-header came after a regular one";
        }
        if (head.unknownPseudo()) {
            return "a pseudo-header is not one of a request";
        }
        if (head.hasConnectionHeader()) {
            return "a header speaks of an HTTP/1 connection";
        }
        if (head.te() != null && !head.te().contentEqualsIgnoreCase("trailers")) {
            return "te is neither absent nor trailers"; // RFC 9113 §8.2.2
        }
        if (head.method() == null || head.scheme() == null || head.path() == null) {
            return ":method, :scheme or :path is missing";
        }
        return null;
    }

    /** PROTOCOL-HTTP2.md, Request-Headers. Null if the request is a call. */
    static @Nullable Refusal refusal(RequestHeaders head) {
        if (head.hostConflict()) {
            return new Refusal(400, Status.of(StatusCode.INTERNAL, ":authority and host name different servers"));
        }
        AsciiString method = head.method();
        if (method == null || !method.contentEquals("POST")) {
            return new Refusal(
                    405, Status.of(StatusCode.INTERNAL, "a gRPC call is a POST, this is a " + Excerpt.of(method)));
        }
        if (!ContentType.isGrpc(head.contentType())) {
            return new Refusal(
                    415,
                    Status.of(
                            StatusCode.INTERNAL,
                            "a gRPC call has content-type application/grpc, this one has "
                                    + (head.contentType() == null ? "none" : "'" + head.contentType() + "'")));
        }
        AsciiString path = head.path();
        if (path == null || path.isEmpty() || path.charAt(0) != '/') {
            return new Refusal(
                    404,
                    Status.of(
                            StatusCode.UNIMPLEMENTED,
                            "a gRPC path is /service/method, this one is '" + Excerpt.of(path) + "'"));
        }
        if (head.timeoutMalformed()) {
            return new Refusal(
                    400,
                    Status.of(
                            StatusCode.INTERNAL,
                            "grpc-timeout is malformed; it is at most 8 digits and one of H, M, S, m, u, n"));
        }
        return null;
    }
}
