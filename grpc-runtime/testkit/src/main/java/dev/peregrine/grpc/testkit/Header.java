// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One field of a header block, as it stands on the wire: nothing is lower-cased, trimmed or refused. One character is
 * one octet (ISO 8859-1), so that lawless octets can be written and are seen.
 */
public record Header(String name, String value) {

    /** Reads {@code "name", "value", "name", "value", ...} in order. */
    public static List<Header> list(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values come in pairs, found " + namesAndValues.length
                    + " strings, the last one \"" + namesAndValues[namesAndValues.length - 1] + "\"");
        }
        List<Header> headers = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(new Header(namesAndValues[i], namesAndValues[i + 1]));
        }
        return List.copyOf(headers);
    }

    /** The first value under exactly this name. */
    public static Optional<String> first(List<Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.name.equals(name))
                .map(Header::value)
                .findFirst();
    }

    public boolean isPseudo() {
        return name.startsWith(":");
    }

    @Override
    public String toString() {
        return name + ": " + value;
    }
}
