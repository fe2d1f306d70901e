// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import org.jspecify.annotations.Nullable;

/** Quotes what a peer sent in what it is answered: never more than a line, however much it sent. */
public final class Excerpt {

    private static final int MAX = 100;

    private Excerpt() {}

    /** The beginning of the text; "none" for null. */
    public static String of(@Nullable CharSequence text) {
        if (text == null) {
            return "none";
        }
        return text.length() <= MAX ? text.toString() : text.subSequence(0, MAX) + "...";
    }
}
