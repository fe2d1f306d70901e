// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

/** The error codes of RFC 9113 §7: numbers for those that we send or look at, names for all. */
public final class ErrorCode {

    public static final long NO_ERROR = 0x0;
    public static final long PROTOCOL_ERROR = 0x1;
    public static final long INTERNAL_ERROR = 0x2;
    public static final long FLOW_CONTROL_ERROR = 0x3;
    public static final long STREAM_CLOSED = 0x5;
    public static final long FRAME_SIZE_ERROR = 0x6;
    public static final long REFUSED_STREAM = 0x7;
    public static final long CANCEL = 0x8;
    public static final long ENHANCE_YOUR_CALM = 0xb;
    public static final long INADEQUATE_SECURITY = 0xc;

    /** At their number. */
    private static final String[] NAMES = {
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

    private ErrorCode() {}

    /** Name and number, for texts. */
    static String describe(long errorCode) {
        String hex = "0x" + Long.toHexString(errorCode);
        return errorCode >= 0 && errorCode < NAMES.length
                ? NAMES[(int) errorCode] + " (" + hex + ")"
                : "unknown HTTP/2 error code " + hex;
    }
}
