// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.Set;

/** What a header block may contain; RFC 9113, section 8.2. */
final class FieldLaw {

    private static final Set<String> CONNECTION_SPECIFIC =
            Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade");

    private FieldLaw() {}

    static void check(Frame.Headers headers) throws ProtocolBreach {
        boolean regularSeen = false;
        for (Header header : headers.headers()) {
            if (header.name().chars().anyMatch(c -> c <= 0x20 || c >= 0x7f || (c >= 'A' && c <= 'Z'))) {
                throw breach("8.2.1", headers, header, "has a name with forbidden octets");
            }
            if (header.value().chars().anyMatch(c -> c == 0 || c == '\r' || c == '\n')
                    || !header.value().equals(header.value().strip())) {
                throw breach("8.2.1", headers, header, "has a value with forbidden octets");
            }
            if (header.isPseudo() && regularSeen) {
                throw breach("8.3", headers, header, "stands behind a regular field");
            }
            if (CONNECTION_SPECIFIC.contains(header.name())) {
                throw breach("8.2.2", headers, header, "is specific to a connection");
            }
            if (header.name().equals("te") && !header.value().equals("trailers")) {
                throw breach("8.2.2", headers, header, "is not \"trailers\"");
            }
            regularSeen |= !header.isPseudo();
        }
    }

    private static ProtocolBreach breach(String section, Frame.Headers headers, Header header, String why) {
        return new ProtocolBreach(section, "field \"" + header + "\" " + why + " in " + headers);
    }
}
