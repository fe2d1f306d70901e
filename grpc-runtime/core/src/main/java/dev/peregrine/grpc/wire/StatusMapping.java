// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;

/**
 * What an ending below gRPC means in gRPC: the tables of the specification's {@code http-grpc-status-mapping.md} and of
 * the section "Errors" in {@code PROTOCOL-HTTP2.md}.
 */
public final class StatusMapping {

    /** Error codes of RFC 9113, 7, at their number. */
    private static final String[] HTTP2_ERRORS = {
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED"
    };

    private static final int REFUSED_STREAM = 0x7;
    private static final int CANCEL = 0x8;
    private static final int ENHANCE_YOUR_CALM = 0xb;
    private static final int INADEQUATE_SECURITY = 0xc;

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
        String text = where + ": " + http2ErrorName(errorCode);
        if (errorCode == REFUSED_STREAM) {
            return Status.of(StatusCode.UNAVAILABLE, text + "; the request was not processed");
        }
        if (errorCode == CANCEL) {
            return Status.of(StatusCode.CANCELLED, text);
        }
        if (errorCode == ENHANCE_YOUR_CALM) {
            return Status.of(StatusCode.RESOURCE_EXHAUSTED, text + "; what is exhausted is bandwidth");
        }
        if (errorCode == INADEQUATE_SECURITY) {
            return Status.of(
                    StatusCode.PERMISSION_DENIED, text + "; the connection is not secure enough for this call");
        }
        return Status.of(StatusCode.INTERNAL, text);
    }

    private static String http2ErrorName(long errorCode) {
        String hex = "0x" + Long.toHexString(errorCode);
        return errorCode >= 0 && errorCode < HTTP2_ERRORS.length
                ? HTTP2_ERRORS[(int) errorCode] + " (" + hex + ")"
                : "unknown HTTP/2 error code " + hex;
    }
}
