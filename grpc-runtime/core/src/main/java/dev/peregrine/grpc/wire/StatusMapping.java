// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;

/**
 * What an ending below gRPC means in gRPC: the tables of the specification's {@code http-grpc-status-mapping.md} and of
 * the section "Errors" in {@code PROTOCOL-HTTP2.md}.
 */
public final class StatusMapping {

    private StatusMapping() {}

    /**
     * The status of a call that got an HTTP answer without a valid {@code grpc-status}; to be used for nothing else.
     * Informational (1xx) answers are no endings: skip them.
     */
    public static Status ofHttpStatus(int httpStatus) {
        StatusCode code = switch (httpStatus) {
            case 400 -> StatusCode.INTERNAL;
            case 401 -> StatusCode.UNAUTHENTICATED;
            case 403 -> StatusCode.PERMISSION_DENIED;
            case 404 -> StatusCode.UNIMPLEMENTED;
            case 429, 502, 503, 504 -> StatusCode.UNAVAILABLE;
            default -> StatusCode.UNKNOWN;
        };
        return Status.of(code, "the answer has HTTP status " + httpStatus + " and no valid grpc-status");
    }

    /**
     * The status of a call whose stream or connection ended with this error code. STREAM_CLOSED and HTTP_1_1_REQUIRED,
     * which the specification's table leaves out, and unknown codes count as INTERNAL_ERROR (RFC 9113, 7).
     *
     * @param where what happened, for the text: {@code "the server reset the stream"}
     */
    public static Status ofHttp2Error(long errorCode, String where) {
        String text = where + ": " + ErrorCode.describe(errorCode);
        if (errorCode == ErrorCode.REFUSED_STREAM) {
            return Status.of(StatusCode.UNAVAILABLE, text + "; the request was not processed");
        }
        if (errorCode == ErrorCode.CANCEL) {
            return Status.of(StatusCode.CANCELLED, text);
        }
        if (errorCode == ErrorCode.ENHANCE_YOUR_CALM) {
            return Status.of(StatusCode.RESOURCE_EXHAUSTED, text + "; what is exhausted is bandwidth");
        }
        if (errorCode == ErrorCode.INADEQUATE_SECURITY) {
            return Status.of(
                    StatusCode.PERMISSION_DENIED, text + "; the connection is not secure enough for this call");
        }
        return Status.of(StatusCode.INTERNAL, text);
    }
}
