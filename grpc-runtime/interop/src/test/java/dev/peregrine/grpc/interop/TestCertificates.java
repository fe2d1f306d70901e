// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;

/**
 * An authority of the tests' own and the certificate that it has issued to servers, in PEM. Made when first asked for, in
 * files that end with this process.
 */
public final class TestCertificates {

    /** What the certificate is made out to, and nothing else: who wants to be connected has to ask for it by this name. */
    public static final String SERVER_NAME = "server.interop.test";

    private static final TestCertificates MADE = make();

    private final Path authority;
    private final Path serverChain;
    private final Path serverKey;

    private TestCertificates(Path authority, Path serverChain, Path serverKey) {
        this.authority = authority;
        this.serverChain = serverChain;
        this.serverKey = serverKey;
    }

    private static TestCertificates make() {
        try {
            X509Bundle authority = new CertificateBuilder()
                    .subject("CN=interop tests")
                    .setIsCertificateAuthority(true)
                    .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.digitalSignature)
                    .buildSelfSigned();
            X509Bundle server = new CertificateBuilder()
                    .subject("CN=" + SERVER_NAME)
                    .addSanDnsName(SERVER_NAME)
                    .buildIssuedBy(authority);
            return new TestCertificates(
                    authority.toTempRootCertPem().toPath(),
                    server.toTempCertChainPem().toPath(),
                    server.toTempPrivateKeyPem().toPath());
        } catch (Exception failure) {
            throw new AssertionError("no certificates for the tests", failure);
        }
    }

    public static Path authority() {
        return MADE.authority;
    }

    public static Path serverChain() {
        return MADE.serverChain;
    }

    public static Path serverKey() {
        return MADE.serverKey;
    }
}
