// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.soak;

import dev.peregrine.grpc.tls.TlsProvider;
import io.netty.handler.ssl.OpenSsl;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is between clients and servers of a soak. */
enum Lane {
    PLAIN(null),
    TLS_OF_JDK(TlsProvider.JDK),
    TLS_OF_BORINGSSL(TlsProvider.NATIVE);

    private final TlsProvider provider;

    Lane(TlsProvider provider) {
        this.provider = provider;
    }

    /**
     * Those that a list names: {@code plain}, or {@code tls} for each implementation of TLS that is there.
     *
     * @throws IllegalArgumentException if it names anything else, or nothing
     */
    static List<Lane> parse(String list) {
        Set<Lane> lanes = new LinkedHashSet<>();
        for (String name : list.split(",")) {
            switch (name.strip()) {
                case "plain" -> lanes.add(PLAIN);
                case "tls" -> {
                    lanes.add(TLS_OF_JDK);
                    if (OpenSsl.isAvailable()) {
                        lanes.add(TLS_OF_BORINGSSL);
                    }
                }
                default ->
                    throw new IllegalArgumentException(
                            "soak.transports: " + list + " (expected: plain, tls, or both with a comma between)");
            }
        }
        return List.copyOf(lanes);
    }

    /** The certificates of this lane; null if it has none. */
    RotatingCertificates certificates() throws Exception {
        return provider == null ? null : new RotatingCertificates(provider);
    }
}
