// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

/** What a client says before its first frame; RFC 9113, section 3.4. */
public final class Preface {

    public static final Octets OCTETS = Octets.latin1("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private Preface() {}
}
