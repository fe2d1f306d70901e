// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.wire.ContentType;
import dev.peregrine.grpc.wire.Excerpt;
import dev.peregrine.grpc.wire.GrpcHeaders;
import dev.peregrine.grpc.wire.RequestHeaders;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** What a request must be before it counts as a call. */
final class RequestRules {

    private RequestRules() {}

    /** RFC 9113 §8.1.1: a malformed request is a stream error, whatever it asks for. Null if it is well-formed. */
    static @Nullable String malformed(HeaderSink block) {
        String illegal = block.illegalField();
        if (illegal != null) {
            return illegal;
        }
        RequestHeaders head = block.request();
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
        if (head.te() != null && !head.te().contentEqualsIgnoreCase(GrpcHeaders.TRAILERS)) {
            return "te is neither absent nor trailers"; // RFC 9113 §8.2.2
        }
        if (head.contentLengthMalformed()) {
            return "content-length is not one number";
        }
        return malformedTarget(head);
    }

    /** RFC 9113 §8.3.1, and §8.5 for CONNECT: what every request says of where it goes. */
    private static @Nullable String malformedTarget(RequestHeaders head) {
        if (head.method() == null) {
            return ":method is missing";
        }
        AsciiString scheme = head.scheme();
        if (GrpcHeaders.CONNECT.contentEquals(head.method())) {
            return scheme == null && head.path() == null ? null : "CONNECT has neither :scheme nor :path";
        }
        if (scheme == null || head.path() == null) {
            return ":scheme or :path is missing";
        }
        if (head.path().isEmpty()) {
            return ":path is empty";
        }
        if (!isScheme(scheme)) {
            return ":scheme is none";
        }
        AsciiString authority = head.authority();
        if (authority != null && authority.indexOf('@', 0) >= 0) {
            return "there is a user in :authority or host";
        }
        return null;
    }

    /** RFC 3986 §3.1: a letter, then letters, digits, "+", "-" and ".". */
    private static boolean isScheme(AsciiString scheme) {
        if (scheme.contentEquals(GrpcHeaders.HTTP) || scheme.contentEquals(GrpcHeaders.HTTPS)) {
            return true;
        }
        for (int i = 0; i < scheme.length(); i++) {
            char c = scheme.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
            if (!letter && !(other && i > 0)) {
                return false;
            }
        }
        return !scheme.isEmpty();
    }

    /** RFC 9113 §8.1: what breaks the trailers of a request. Null if they are well-formed. */
    static @Nullable String malformedTrailers(HeaderSink block) {
        if (block.illegalField() != null) {
            return block.illegalField();
        }
        if (block.request().hasPseudo()) {
            return "there is a pseudo-header in the trailers";
        }
        return block.request().hasConnectionHeader() ? "a trailer speaks of an HTTP/1 connection" : null;
    }

    /** PROTOCOL-HTTP2.md, Request-Headers. Null if the request is a call. */
    static @Nullable Refusal refusal(RequestHeaders head) {
        if (head.hostConflict()) {
            return new Refusal(400, Status.of(StatusCode.INTERNAL, ":authority and host name different servers"));
        }
        AsciiString method = head.method();
        if (method == null || !method.contentEquals(GrpcHeaders.POST)) {
            return new Refusal(
                    405, Status.of(StatusCode.INTERNAL, "a gRPC call is a POST, this is a " + Excerpt.of(method)));
        }
        if (!ContentType.isGrpc(head.contentType())) {
            return new Refusal(
                    415,
                    Status.of(
                            StatusCode.INTERNAL,
                            "a gRPC call has content-type application/grpc, this one has "
                                    + (head.contentType() == null
                                            ? "none"
                                            : "'" + Excerpt.of(head.contentType()) + "'")));
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
