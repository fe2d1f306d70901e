// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import org.jspecify.annotations.Nullable;

/**
 * What peers tell each other of the encodings they read (PROTOCOL-HTTP2.md).
 *
 * <pre>
 * Message-Accept-Encoding → "grpc-accept-encoding" Content-Coding *("," Content-Coding)
 * </pre>
 */
public final class EncodingNames {

    private EncodingNames() {}

    /**
     * Whether the list has this name in it.
     *
     * @param list names between commas, with or without spaces; null for an empty one
     */
    public static boolean contain(@Nullable CharSequence list, String name) {
        if (list == null) {
            return false;
        }
        for (String listed : list.toString().split(",", -1)) {
            if (listed.strip().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
