// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

/**
 * Watches whether a header block keeps the laws that make it well-formed (RFC 9113, 8.2.2 and 8.3): pseudo-headers come
 * first, once each, and none but the known; no field speaks of a connection.
 */
final class BlockLaws {

    boolean duplicatePseudo;
    boolean pseudoAfterRegular;
    boolean unknownPseudo;
    boolean connectionHeader;

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
}
