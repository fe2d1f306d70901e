// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import org.jspecify.annotations.Nullable;

/**
 * What a server or a channel compresses and unpacks.
 *
 * @param encodings those it has
 * @param outbound the name of the encoding for calls that name none; null for none
 * @param maxMessageSize the most bytes of an unpacked message
 * @param maxRatio how many bytes may be unpacked for each that came; see {@link Inflation}
 */
public record CompressionPolicy(
        MessageEncodings encodings, @Nullable String outbound, int maxMessageSize, int maxRatio) {

    /**
     * @throws IllegalArgumentException if the encoding for outbound messages is not among the encodings
     */
    public CompressionPolicy {
        if (outbound != null) {
            encodings.require(outbound);
        }
    }

    /** What unpacks the messages of a call whose peer names this encoding; null if they cannot be, or are not, compressed. */
    public @Nullable Inflation inflation(@Nullable CharSequence name) {
        MessageEncoding encoding = encodings.find(name);
        return encoding == null ? null : new Inflation(encoding, maxMessageSize, maxRatio);
    }
}
