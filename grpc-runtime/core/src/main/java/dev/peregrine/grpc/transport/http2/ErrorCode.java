// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

/** The error codes of RFC 9113 §7 that we send or look at. */
final class ErrorCode {

    static final long NO_ERROR = 0x0;
    static final long PROTOCOL_ERROR = 0x1;
    static final long INTERNAL_ERROR = 0x2;
    static final long FLOW_CONTROL_ERROR = 0x3;
    static final long STREAM_CLOSED = 0x5;
    static final long FRAME_SIZE_ERROR = 0x6;
    static final long REFUSED_STREAM = 0x7;
    static final long CANCEL = 0x8;
    static final long ENHANCE_YOUR_CALM = 0xb;
    static final long INADEQUATE_SECURITY = 0xc;

    private ErrorCode() {}
}
