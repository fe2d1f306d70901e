// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

import static dev.peregrine.grpc.TestPki.bytes;
import static dev.peregrine.grpc.TestPki.encryptedKeyPem;
import static dev.peregrine.grpc.TestPki.pem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peregrine.grpc.TestPki;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates and keys, as they come. */
class TlsIdentityTest {

    private static final TestPki PKI = TestPki.named("An Authority");
    private static final X509Bundle OWN = PKI.localhost();
    private static final byte[] CHAIN = bytes(OWN.getCertificatePathPEM());
    private static final byte[] KEY = bytes(OWN.getPrivateKeyPEM());

    @ParameterizedTest
    @EnumSource(names = {"rsa2048", "ecp256", "ecp384", "ed25519"})
    void aKeyOfTheUsualAlgorithmsIsRead(Algorithm algorithm) {
        X509Bundle bundle = PKI.issue("x", made -> made.algorithm(algorithm));

        TlsIdentity identity =
                TlsIdentity.ofPem(bytes(bundle.getCertificatePathPEM()), bytes(bundle.getPrivateKeyPEM()));

        assertThat(key(identity)).isEqualTo(bundle.getKeyPair().getPrivate());
        assertThat(chain(identity)[0]).isEqualTo(bundle.getCertificate());
    }

    @Test
    void anEncryptedKeyIsReadWithItsPassword() {
        TlsIdentity identity = TlsIdentity.ofPem(CHAIN, bytes(encryptedKeyPem(OWN, "secret")), "secret".toCharArray());

        assertThat(key(identity)).isEqualTo(OWN.getKeyPair().getPrivate());
    }

    @Test
    void anEncryptedKeyNeedsAPassword() {
        assertThatThrownBy(() -> TlsIdentity.ofPem(CHAIN, bytes(encryptedKeyPem(OWN, "secret"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the private key of PEM is encrypted; give its password");
    }

    @Test
    void anEncryptedKeyNeedsTheRightPassword() {
        byte[] encrypted = bytes(encryptedKeyPem(OWN, "secret"));

        assertThatThrownBy(() -> TlsIdentity.ofPem(CHAIN, encrypted, "guess".toCharArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be decrypted with this password");
    }

    @Test
    void textAroundTheCertificatesIsPassedOver() {
        byte[] talkative = bytes("subject: CN=localhost\n" + OWN.getCertificatePathPEM() + "the end\n");

        assertThat(chain(TlsIdentity.ofPem(talkative, KEY))[0]).isEqualTo(OWN.getCertificate());
    }

    @Test
    void aKeyThatIsNotTheCertificatesIsRefused() {
        X509Bundle other = PKI.localhost();

        assertThatThrownBy(() -> TlsIdentity.ofPem(CHAIN, bytes(other.getPrivateKeyPEM())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the private key of PEM does not belong to the certificate 'CN=localhost', the first of PEM");
    }

    @Test
    void aKeyOfAnotherAlgorithmThanTheCertificatesIsRefused() {
        X509Bundle other = PKI.issue("x", made -> made.rsa2048());

        assertThatThrownBy(() -> TlsIdentity.ofPem(CHAIN, bytes(other.getPrivateKeyPEM())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a key for a certificate of algorithm EC");
    }

    @Test
    void aKeyInTheOldFormIsRefusedWithWhatMakesItNew() {
        byte[] old = bytes(pem("EC PRIVATE KEY", new byte[] {1, 2, 3}));

        assertThatThrownBy(() -> TlsIdentity.ofPem(CHAIN, old))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'EC PRIVATE KEY'")
                .hasMessageContaining("openssl pkcs8 -topk8");
    }

    @Test
    void aFileWithoutWhatItShouldHoldIsRefused() {
        assertThatThrownBy(() -> TlsIdentity.ofPem(KEY, KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PEM holds no certificate in PEM; expected 'BEGIN CERTIFICATE'");
        assertThatThrownBy(() -> TlsIdentity.ofPem(CHAIN, CHAIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("PEM holds no private key in PEM");
        assertThatThrownBy(() -> TlsTrust.ofPem(KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds no certificate");
    }

    @Test
    void aDamagedCertificateIsRefused() {
        assertThatThrownBy(() -> TlsTrust.ofPem(bytes(pem("CERTIFICATE", new byte[] {1, 2, 3}))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a certificate that cannot be read");
    }

    @Test
    void errorsNameTheFile(@TempDir Path directory) throws Exception {
        Path chain = Files.write(directory.resolve("tls.crt"), CHAIN);
        Path key = Files.writeString(directory.resolve("tls.key"), "nothing");

        assertThatThrownBy(() -> TlsIdentity.ofPem(chain, key)).hasMessageContaining("tls.key holds no private key");
        assertThatThrownBy(() -> TlsIdentity.ofPem(directory.resolve("none"), key))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void filesAreReadOnce(@TempDir Path directory) throws Exception {
        Path chain = Files.write(directory.resolve("tls.crt"), CHAIN);
        Path key = Files.write(directory.resolve("tls.key"), KEY);
        TlsIdentity identity = TlsIdentity.ofPem(chain, key);
        Files.delete(key);

        assertThat(key(identity)).isEqualTo(OWN.getKeyPair().getPrivate());
    }

    @Test
    void whatItIsMadeOfIsToldButNotTheKey() {
        assertThat(TlsIdentity.ofPem(CHAIN, KEY)).hasToString("TlsIdentity[PEM]");
        assertThat(ServerTls.of(TlsIdentity.ofPem(CHAIN, KEY)).toString()).doesNotContain("PRIVATE");
    }

    @Test
    void theKeysOfAStoreMakeAnIdentity() throws Exception {
        TlsIdentity identity = TlsIdentity.of(OWN.toKeyStore("pass".toCharArray()), "pass".toCharArray());

        assertThat(key(identity)).isEqualTo(OWN.getKeyPair().getPrivate());
        assertThatThrownBy(() -> TlsIdentity.of(OWN.toKeyStore("pass".toCharArray()), "wrong".toCharArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the key store cannot be used");
    }

    @Test
    void theSystemTrustsSomebody() {
        assertThat(TlsTrust.system().manager().getAcceptedIssuers()).isNotEmpty();
    }

    private static PrivateKey key(TlsIdentity identity) {
        return manager(identity).getPrivateKey(alias(identity));
    }

    private static X509Certificate[] chain(TlsIdentity identity) {
        return manager(identity).getCertificateChain(alias(identity));
    }

    private static String alias(TlsIdentity identity) {
        for (String type : new String[] {"EC", "RSA", "EdDSA"}) {
            String[] aliases = manager(identity).getServerAliases(type, null);
            if (aliases != null) {
                return aliases[0];
            }
        }
        throw new AssertionError("no key");
    }

    private static X509KeyManager manager(TlsIdentity identity) {
        return (X509KeyManager) identity.keyManagers().getKeyManagers()[0];
    }
}
