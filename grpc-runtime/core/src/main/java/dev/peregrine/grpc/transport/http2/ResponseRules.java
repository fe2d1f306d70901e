// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.wire.ContentType;
import dev.peregrine.grpc.wire.ResponseHeaders;
import dev.peregrine.grpc.wire.StatusMapping;
import org.jspecify.annotations.Nullable;

/** What the header blocks of an answer must be before they count as gRPC. */
final class ResponseRules {

    private static final int SWITCHING_PROTOCOLS = 101;

    private ResponseRules() {}

    /**
     * RFC 9113 §8.1.1: a malformed response is a stream error. Null if the block is well-formed.
     *
     * @param first whether it is the first of the response, and not the trailers
     * @param last whether it ends the response
     */
    static @Nullable String malformed(HeaderSink block, boolean first, boolean last) {
        if (block.illegalField() != null) {
            return block.illegalField();
        }
        ResponseHeaders headers = block.response();
        if (headers.duplicatePseudo()) {
            return "a pseudo-header came twice";
        }
        if (headers.pseudoAfterRegular()) {
            return "a pseudo-header came after a regular one";
        }
        if (headers.unknownPseudo()) {
            return "a pseudo-header is not one of a response";
        }
        if (headers.hasConnectionHeader()) {
            return "a header speaks of an HTTP/1 connection";
        }
        if (first && headers.httpStatus() == ResponseHeaders.ABSENT) {
            return "the response has no valid :status";
        }
        if (headers.httpStatus() == SWITCHING_PROTOCOLS) {
            return "the response has :status 101, which HTTP/2 does not know"; // RFC 9113 §8.6
        }
        if (isInformational(headers) && last) {
            return "an informational response ends the stream"; // RFC 9113 §8.1
        }
        if (headers.contentLengthMalformed()) {
            return "content-length is not one number";
        }
        if (!first && headers.hasPseudo()) {
            return "there is a pseudo-header in the trailers";
        }
        return null;
    }

    /** RFC 9113 §8.1: any number of these may precede the response. */
    static boolean isInformational(ResponseHeaders headers) {
        return headers.httpStatus() >= 100 && headers.httpStatus() < 200;
    }

    /** The status in trailers, or in a Trailers-Only response; without a valid one HTTP has the word. */
    static Status ending(ResponseHeaders headers, boolean trailersOnly) {
        Status status = headers.status();
        if (status != null) {
            return status;
        }
        if (trailersOnly && headers.httpStatus() != 200) {
            return StatusMapping.ofHttpStatus(headers.httpStatus());
        }
        return Status.of(StatusCode.UNKNOWN, "the server ended the call without grpc-status");
    }

    /** PROTOCOL-HTTP2.md, Response-Headers: why these do not begin an answer that we understand; null if they do. */
    static @Nullable Status refusal(ResponseHeaders headers) {
        if (headers.httpStatus() != 200) {
            Status status = headers.status();
            return status != null && !status.isOk() ? status : StatusMapping.ofHttpStatus(headers.httpStatus());
        }
        if (!ContentType.isGrpc(headers.contentType())) {
            String found = headers.contentType() == null ? "no content-type" : "content-type " + headers.contentType();
            return Status.of(
                    StatusCode.UNKNOWN, "the server's answer has " + found + " (expected: " + ContentType.GRPC + ")");
        }
        return null;
    }
}
