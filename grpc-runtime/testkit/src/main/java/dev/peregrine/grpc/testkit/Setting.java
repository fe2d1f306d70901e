// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.List;

/** The identifiers that may stand in SETTINGS, without their common prefix; RFC 9113, section 6.5.2. */
public final class Setting {

    public static final int HEADER_TABLE_SIZE = 0x1;
    public static final int ENABLE_PUSH = 0x2;
    public static final int MAX_CONCURRENT_STREAMS = 0x3;
    public static final int INITIAL_WINDOW_SIZE = 0x4;
    public static final int MAX_FRAME_SIZE = 0x5;
    public static final int MAX_HEADER_LIST_SIZE = 0x6;

    private static final List<String> NAMES = List.of(
            "HEADER_TABLE_SIZE",
            "ENABLE_PUSH",
            "MAX_CONCURRENT_STREAMS",
            "INITIAL_WINDOW_SIZE",
            "MAX_FRAME_SIZE",
            "MAX_HEADER_LIST_SIZE");

    private Setting() {}

    /** The name in the RFC, or the number in hex if it has none there. */
    public static String nameOf(int identifier) {
        return identifier >= 1 && identifier <= NAMES.size()
                ? NAMES.get(identifier - 1)
                : "0x" + Integer.toHexString(identifier);
    }
}
