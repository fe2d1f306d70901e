// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.tls.TlsIdentity;
import io.netty.pkitesting.X509Bundle;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** Identities that the usual key managers do not make. */
final class TlsIdentities {

    private TlsIdentities() {}

    /** Shown whatever authorities the other end says it accepts. */
    static TlsIdentity shownAnyway(X509Bundle certificate) {
        return TlsIdentity.of(new KeyManagerFactory(new Stubborn(certificate), null, "stubborn") {});
    }

    private static final class Stubborn extends KeyManagerFactorySpi {

        private final X509Bundle certificate;

        Stubborn(X509Bundle certificate) {
            this.certificate = certificate;
        }

        @Override
        protected void engineInit(KeyStore store, char[] password) {}

        @Override
        protected void engineInit(ManagerFactoryParameters parameters) {}

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {new OneKey(certificate)};
        }
    }

    private static final class OneKey extends X509ExtendedKeyManager {

        private final X509Bundle certificate;

        OneKey(X509Bundle certificate) {
            this.certificate = certificate;
        }

        @Override
        public String chooseEngineClientAlias(String[] keyType, Principal[] issuers, SSLEngine engine) {
            return "it";
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return "it";
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {"it"};
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {"it"};
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return "it";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return certificate.getCertificatePath();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return certificate.getKeyPair().getPrivate();
        }
    }
}
