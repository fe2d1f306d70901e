// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import io.netty.util.AsciiString;

/**
 * What the name and the value of a field may be made of; a message with any other is malformed (RFC 9113, 8.2.1).
 *
 * <pre>
 * field-name    = ":" token-lower / token-lower
 * token-lower   = 1*( "!" / "#" / "$" / "%" / "&amp;" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~"
 *                     / DIGIT / %x61-7A )                                       ; RFC 9110, 5.6.2, without upper case
 * field-value   = *( %x01-09 / %x0B-0C / %x0E-FF )
 * </pre>
 *
 * <p>RFC 9113 also forbids spaces and tabs at either end of a value. Clients of gRPC do send them, and its specification
 * lets a receiver strip them, so they are no error here.
 */
public final class FieldSyntax {

    /** Whether a name may contain this character, at its number. */
    private static final boolean[] IN_NAMES = namesMayContain();

    private FieldSyntax() {}

    /** Whether this is a field name, of a pseudo-header perhaps. */
    public static boolean isName(AsciiString name) {
        byte[] octets = name.array();
        int start = name.arrayOffset();
        int end = start + name.length();
        int from = start < end && octets[start] == ':' ? start + 1 : start;
        for (int i = from; i < end; i++) {
            if (octets[i] < 0 || !IN_NAMES[octets[i]]) {
                return false;
            }
        }
        return from < end;
    }

    /** Whether this is a field value: no NUL, carriage return or line feed, which other protocols would take as its end. */
    public static boolean isValue(AsciiString value) {
        byte[] octets = value.array();
        int start = value.arrayOffset();
        int end = start + value.length();
        for (int i = start; i < end; i++) {
            byte octet = octets[i];
            if (octet <= '\r' && (octet == 0 || octet == '\n' || octet == '\r')) {
                return false;
            }
        }
        return true;
    }

    private static boolean[] namesMayContain() {
        boolean[] legal = new boolean[128];
        for (char c : "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz".toCharArray()) {
            legal[c] = true;
        }
        return legal;
    }
}
