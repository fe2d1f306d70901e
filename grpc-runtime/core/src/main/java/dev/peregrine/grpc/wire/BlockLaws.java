// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

/**
 * Watches whether a header block keeps the laws that make it well-formed (RFC 9113, 8.2.2 and 8.3): pseudo-headers come
 * first, once each, and none but the known; no field speaks of a connection; {@code content-length} is one number.
 */
final class BlockLaws {

    static final long NO_LENGTH = -1;

    /** As many digits as a long holds, whatever they are. */
    private static final int MAX_LENGTH_DIGITS = 18;

    boolean duplicatePseudo;
    boolean pseudoAfterRegular;
    boolean unknownPseudo;
    boolean connectionHeader;
    boolean contentLengthMalformed;

    /** {@code content-length}, or {@link #NO_LENGTH}. */
    long contentLength = NO_LENGTH;

    private boolean sawRegular;

    /** A pseudo-header that may occur in this block has come. */
    void pseudo(boolean cameBefore) {
        duplicatePseudo |= cameBefore;
        pseudoAfterRegular |= sawRegular;
    }

    void unknownPseudo() {
        unknownPseudo = true;
        pseudoAfterRegular |= sawRegular;
    }

    void regular() {
        sawRegular = true;
    }

    void connectionSpecific() {
        sawRegular = true;
        connectionHeader = true;
    }

    /** {@code Content-Length = 1*DIGIT} (RFC 9110, 8.6). Of several fields nobody knows which one is meant. */
    void contentLength(CharSequence value) {
        sawRegular = true;
        long number = value.length() == 0 || value.length() > MAX_LENGTH_DIGITS ? NO_LENGTH : 0;
        for (int i = 0; i < value.length() && number != NO_LENGTH; i++) {
            int digit = value.charAt(i) - '0';
            number = digit < 0 || digit > 9 ? NO_LENGTH : number * 10 + digit;
        }
        contentLengthMalformed |= number == NO_LENGTH || contentLength != NO_LENGTH;
        contentLength = number;
    }
}
