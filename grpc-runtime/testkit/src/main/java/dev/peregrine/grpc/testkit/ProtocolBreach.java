// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

/** The other side did what RFC 9113 forbids. Ends the reading of a connection. */
final class ProtocolBreach extends Exception {

    /** @param section of RFC 9113, {@code "6.5.3"} */
    ProtocolBreach(String section, String found) {
        super(found + " (RFC 9113, section " + section + ")");
    }
}
