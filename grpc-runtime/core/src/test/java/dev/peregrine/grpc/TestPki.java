// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.tls.TlsTrust;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.util.io.pem.PemObject;

/** An authority of the tests' own, and the certificates it issues. */
public final class TestPki {

    private final X509Bundle root;

    private TestPki(String name) {
        root = orFail(() -> new CertificateBuilder()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .setKeyUsage(
                        true,
                        CertificateBuilder.KeyUsage.keyCertSign,
                        CertificateBuilder.KeyUsage.cRLSign,
                        CertificateBuilder.KeyUsage.digitalSignature)
                .buildSelfSigned());
    }

    public static TestPki named(String name) {
        return new TestPki(name);
    }

    /** A certificate of this subject with whatever else it is given. */
    public X509Bundle issue(String commonName, UnaryOperator<CertificateBuilder> change) {
        return orFail(() -> change.apply(new CertificateBuilder().subject("CN=" + commonName))
                .buildIssuedBy(root));
    }

    /** A certificate for {@code localhost} and 127.0.0.1. */
    public X509Bundle localhost() {
        return issue("localhost", made -> made.addSanDnsName("localhost").addSanIpAddress("127.0.0.1"));
    }

    public X509Bundle root() {
        return root;
    }

    public TlsTrust trust() {
        return TlsTrust.ofPem(bytes(root.getCertificatePEM()));
    }

    public static TlsIdentity identity(X509Bundle certificate) {
        return TlsIdentity.ofPem(bytes(certificate.getCertificatePathPEM()), bytes(certificate.getPrivateKeyPEM()));
    }

    /** For sockets of the JDK: has this certificate, unless it is null, and trusts this authority. */
    public SSLContext jdkContext(X509Bundle certificate) {
        return orFail(() -> {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    certificate == null
                            ? null
                            : certificate.toKeyManagerFactory().getKeyManagers(),
                    root.toTrustManagerFactory().getTrustManagers(),
                    null);
            return context;
        });
    }

    /** The private key as {@code openssl pkcs8 -topk8 -v2 aes256} writes it. */
    public static String encryptedKeyPem(X509Bundle certificate, String password) {
        return orFail(() -> {
            OutputEncryptor encryptor = new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                    .setProvider(new BouncyCastleProvider())
                    .setPRF(PKCS8Generator.PRF_HMACSHA256)
                    .setPassword(password.toCharArray())
                    .build();
            PemObject key = new JcaPKCS8Generator(certificate.getKeyPair().getPrivate(), encryptor).generate();
            return pem(key.getType(), key.getContent());
        });
    }

    public static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    public static byte[] bytes(String pem) {
        return pem.getBytes(StandardCharsets.US_ASCII);
    }

    private static <T> T orFail(Callable<T> action) {
        try {
            return action.call();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
