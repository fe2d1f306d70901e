// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

import java.util.List;

/** What the TLS of a server and of a client have in common. Immutable. */
public sealed interface TlsSettings permits ServerTls, ClientTls {

    /** What is spoken if the settings say nothing: RFC 9113 §9.2 allows nothing older than TLS 1.2. */
    List<String> DEFAULT_PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** The versions of TLS to speak: {@code TLSv1.3}, {@code TLSv1.2} or both. */
    List<String> protocols();

    /**
     * The cipher suites to use, by their IANA names, the best first; empty for the runtime's choice, which is those of
     * TLS 1.3 and the suites of TLS 1.2 with forward secrecy and authenticated encryption.
     */
    List<String> ciphers();

    /** Whose implementation is used. */
    TlsProvider provider();
}
