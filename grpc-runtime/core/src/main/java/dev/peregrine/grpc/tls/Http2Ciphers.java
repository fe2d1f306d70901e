// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

import java.util.List;
import java.util.regex.Pattern;

/** The versions and cipher suites of TLS that HTTP/2 may use (RFC 9113 §9.2). */
final class Http2Ciphers {

    /**
     * RFC 9113 Appendix A prohibits, in 276 names, every suite of TLS 1.2 but those with an ephemeral key exchange and
     * authenticated encryption. The suites of TLS 1.3, which name no key exchange, are all allowed.
     */
    private static final Pattern ALLOWED = Pattern.compile("TLS_(AES|CHACHA20)_\\w+"
            + "|TLS_(ECDHE|DHE)_(ECDSA|RSA|DSS|PSK)_WITH_\\w+_(GCM_SHA\\d+|CCM(_8)?(_SHA256)?|POLY1305_SHA256)");

    private Http2Ciphers() {}

    static List<String> checkProtocols(List<String> protocols) {
        for (String protocol : protocols) {
            if (!TlsSettings.DEFAULT_PROTOCOLS.contains(protocol)) {
                throw new IllegalArgumentException("protocol '" + protocol + "' (expected: one of "
                        + TlsSettings.DEFAULT_PROTOCOLS + "; HTTP/2 allows nothing older, RFC 9113 §9.2)");
            }
        }
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException(
                    "protocols: none (expected: at least one of " + TlsSettings.DEFAULT_PROTOCOLS + ")");
        }
        return List.copyOf(protocols);
    }

    static List<String> checkCiphers(List<String> ciphers) {
        for (String cipher : ciphers) {
            if (!ALLOWED.matcher(cipher).matches()) {
                throw new IllegalArgumentException("cipher suite '" + cipher
                        + "' (expected: the IANA name of a suite with ephemeral keys and authenticated encryption, such as"
                        + " TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256; HTTP/2 prohibits the others, RFC 9113 §9.2.2)");
            }
        }
        return List.copyOf(ciphers);
    }
}
