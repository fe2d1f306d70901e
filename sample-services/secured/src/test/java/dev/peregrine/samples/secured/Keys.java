// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.secured;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** What the script {@code keys} makes with openssl. */
final class Keys {

    private Keys() {}

    static void make(Path directory) throws Exception {
        certificate(directory, "server", "localhost");
        certificate(directory, "audit", "nightly-audit");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair tokens = generator.generateKeyPair();
        pem(directory.resolve("tokens.key"), "PRIVATE KEY", tokens.getPrivate().getEncoded());
        pem(directory.resolve("tokens.pub"), "PUBLIC KEY", tokens.getPublic().getEncoded());
    }

    private static void certificate(Path directory, String file, String commonName) throws Exception {
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=" + commonName)
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(directory.resolve(file + ".crt"), certificate.getCertificatePathPEM());
        Files.writeString(directory.resolve(file + ".key"), certificate.getPrivateKeyPEM());
    }

    private static void pem(Path file, String type, byte[] octets) throws Exception {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n");
    }
}
