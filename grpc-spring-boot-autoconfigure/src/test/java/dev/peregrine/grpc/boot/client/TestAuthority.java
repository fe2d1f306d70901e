// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.tls.TlsTrust;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** An authority of the tests' own, the certificates it issues, and the files they are in. */
final class TestAuthority {

    private final X509Bundle root;

    TestAuthority() throws Exception {
        root = new CertificateBuilder()
                .subject("CN=The Authority")
                .setIsCertificateAuthority(true)
                .setKeyUsage(
                        true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.digitalSignature)
                .buildSelfSigned();
    }

    X509Bundle server(String dnsName) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + dnsName)
                .addSanDnsName(dnsName)
                .buildIssuedBy(root);
    }

    X509Bundle client(String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .addExtendedKeyUsageClientAuth()
                .buildIssuedBy(root);
    }

    TlsTrust trust() {
        return TlsTrust.ofPem(root.getCertificatePEM().getBytes(StandardCharsets.US_ASCII));
    }

    static TlsIdentity identity(X509Bundle certificate) {
        return TlsIdentity.ofPem(
                certificate.getCertificatePathPEM().getBytes(StandardCharsets.US_ASCII),
                certificate.getPrivateKeyPEM().getBytes(StandardCharsets.US_ASCII));
    }

    Path rootFile(Path directory) throws IOException {
        return Files.writeString(directory.resolve("ca.crt"), root.getCertificatePEM());
    }

    /** Puts the certificate and its key into {@code client.crt} and {@code client.key}, over what is there. */
    static void write(X509Bundle certificate, Path directory) throws IOException {
        replace(directory.resolve("client.key"), certificate.getPrivateKeyPEM());
        replace(directory.resolve("client.crt"), certificate.getCertificatePathPEM());
    }

    private static void replace(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), text);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
