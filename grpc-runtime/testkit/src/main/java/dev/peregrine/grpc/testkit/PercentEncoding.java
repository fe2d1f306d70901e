// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** How grpc-message travels: UTF-8 with everything outside %x20-24 and %x26-7E as %XX; gRPC over HTTP/2, "Responses". */
final class PercentEncoding {

    private PercentEncoding() {}

    static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= 0x20 && octet <= 0x7e && octet != '%') {
                encoded.append((char) octet);
            } else {
                encoded.append(String.format("%%%02X", octet));
            }
        }
        return encoded.toString();
    }

    /** Leaves what is not %XX as it is. */
    static String decode(String encoded) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            int high = c == '%' && i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(encoded.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                octets.write(high << 4 | low);
                i += 2;
            } else {
                octets.write(c);
            }
        }
        return octets.toString(StandardCharsets.UTF_8);
    }
}
