// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.soak;

import dev.peregrine.grpc.interop.TestCertificates;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.tls.TlsSource;
import dev.peregrine.grpc.tls.TlsTrust;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;

/**
 * Certificates that are replaced, authority and all, while servers and channels use them. Clients trust the newest authority
 * and the one before it: so a server that missed two replacements is trusted by nobody.
 */
final class RotatingCertificates {

    private final TlsProvider provider;
    private final TlsSource<ServerTls> ofServers;
    private final TlsSource<ClientTls> ofClients;
    private X509Bundle newest;
    private int rotations;

    RotatingCertificates(TlsProvider provider) throws Exception {
        this.provider = provider;
        this.newest = authority();
        this.ofServers = TlsSource.of(issuedBy(newest));
        this.ofClients = TlsSource.of(trusting(newest, newest));
    }

    TlsSource<ServerTls> ofServers() {
        return ofServers;
    }

    TlsSource<ClientTls> ofClients() {
        return ofClients;
    }

    int rotations() {
        return rotations;
    }

    /** The order that applications need too: first the clients trust the new authority, then servers show its certificates. */
    void rotate() throws Exception {
        X509Bundle last = newest;
        newest = authority();
        ofClients.replace(trusting(last, newest));
        ofServers.replace(issuedBy(newest));
        rotations++;
    }

    private ServerTls issuedBy(X509Bundle authority) throws Exception {
        X509Bundle server = new CertificateBuilder()
                .subject("CN=" + TestCertificates.SERVER_NAME)
                .addSanDnsName(TestCertificates.SERVER_NAME)
                .buildIssuedBy(authority);
        return ServerTls.of(TlsIdentity.ofPem(bytes(server.getCertificatePathPEM()), bytes(server.getPrivateKeyPEM())))
                .withProvider(provider);
    }

    private ClientTls trusting(X509Bundle one, X509Bundle other) {
        String authorities = one.getRootCertificatePEM() + "\n" + other.getRootCertificatePEM();
        return ClientTls.trusting(TlsTrust.ofPem(bytes(authorities))).withProvider(provider);
    }

    private static X509Bundle authority() throws Exception {
        return new CertificateBuilder()
                .subject("CN=interop soak " + System.nanoTime())
                .setIsCertificateAuthority(true)
                .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.digitalSignature)
                .buildSelfSigned();
    }

    private static byte[] bytes(String pem) {
        return pem.getBytes(StandardCharsets.US_ASCII);
    }
}
