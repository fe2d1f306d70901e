// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.tls.ClientAuth;
import dev.peregrine.grpc.tls.TlsProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a server speaks TLS.
 *
 * @param enabled Whether to speak TLS. True if there is a bundle, if not set.
 * @param bundle SSL bundle with the server's certificate, and with the authorities whose certificates are accepted from
 * clients. When it is reloaded, new connections use it.
 * @param clientAuth Whether clients are asked for a certificate.
 * @param provider Whose implementation of TLS is used.
 */
record SslProperties(
        @Nullable Boolean enabled,
        @Nullable String bundle,
        @DefaultValue("none") ClientAuth clientAuth,
        @DefaultValue("automatic") TlsProvider provider) {

    SslProperties {
        bundle = bundle == null || bundle.isBlank() ? null : bundle;
    }
}
