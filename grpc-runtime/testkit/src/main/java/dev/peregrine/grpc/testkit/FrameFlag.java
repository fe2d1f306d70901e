// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

/** The bits of a frame header's flags octet; RFC 9113, section 6. For writing {@link Frame.Raw} frames. */
public final class FrameFlag {

    /** On DATA and HEADERS. */
    public static final int END_STREAM = 0x1;

    /** On SETTINGS and PING: the same bit as {@link #END_STREAM}. */
    public static final int ACK = 0x1;

    /** On HEADERS, PUSH_PROMISE and CONTINUATION. */
    public static final int END_HEADERS = 0x4;

    /** On DATA, HEADERS and PUSH_PROMISE. */
    public static final int PADDED = 0x8;

    /** On HEADERS: five octets of priority stand before the header block. */
    public static final int PRIORITY = 0x20;

    private FrameFlag() {}
}
