// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.tls.TlsTrust;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/** Reads a client's TLS settings from an SSL bundle: trust, identity, protocols and cipher suites. */
final class BundleTls {

    private BundleTls() {}

    /** Without a trust store, the authorities that the Java runtime trusts; without a key store, no identity. */
    static ClientTls client(SslBundle bundle) {
        ClientTls tls = bundle.getStores().getTrustStore() == null
                ? ClientTls.systemRoots()
                : ClientTls.trusting(TlsTrust.of(bundle.getManagers().getTrustManagerFactory()));
        if (bundle.getStores().getKeyStore() != null) {
            tls = tls.withIdentity(TlsIdentity.of(bundle.getManagers().getKeyManagerFactory()));
        }
        SslOptions options = bundle.getOptions();
        if (options.getEnabledProtocols() != null) {
            tls = tls.withProtocols(options.getEnabledProtocols());
        }
        if (options.getCiphers() != null) {
            tls = tls.withCiphers(options.getCiphers());
        }
        return tls;
    }
}
