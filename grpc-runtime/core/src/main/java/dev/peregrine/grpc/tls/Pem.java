// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Reads certificates and keys in PEM (RFC 7468). */
final class Pem {

    private static final Pattern SECTION =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    /** RFC 8018 Appendix A.4: the parameters, not this name, say which algorithms are meant. */
    private static final List<String> PBES2 = List.of("PBES2", "1.2.840.113549.1.5.13");

    private Pem() {}

    /**
     * The certificates, in their order.
     *
     * @throws IllegalArgumentException if there are none, or one cannot be read
     */
    static List<X509Certificate> certificates(byte[] pem, String origin) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Section section : sections(pem)) {
                if (section.label().endsWith("CERTIFICATE")) {
                    Certificate certificate =
                            factory.generateCertificate(new ByteArrayInputStream(section.der(origin)));
                    certificates.add((X509Certificate) certificate);
                }
            }
        } catch (CertificateException failure) {
            throw new IllegalArgumentException(
                    origin + " holds a certificate that cannot be read: " + failure.getMessage(), failure);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(origin + " holds no certificate in PEM; expected 'BEGIN CERTIFICATE'");
        }
        return certificates;
    }

    /**
     * The private key.
     *
     * @param counterpart tells the key's algorithm
     * @throws IllegalArgumentException if there is none, it cannot be read, or the password is missing or wrong
     */
    static PrivateKey privateKey(byte[] pem, String origin, char @Nullable [] password, PublicKey counterpart) {
        for (Section section : sections(pem)) {
            switch (section.label()) {
                case "PRIVATE KEY":
                    return key(new PKCS8EncodedKeySpec(section.der(origin)), origin, counterpart);
                case "ENCRYPTED PRIVATE KEY":
                    return key(decrypt(section.der(origin), origin, password), origin, counterpart);
                case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY":
                    throw new IllegalArgumentException(origin + " holds a key in the old form '" + section.label()
                            + "'; expected PKCS#8, which 'openssl pkcs8 -topk8' makes of it");
                default: // Parameters of a curve, or the certificate in the same file.
            }
        }
        throw new IllegalArgumentException(origin + " holds no private key in PEM; expected 'BEGIN PRIVATE KEY' or"
                + " 'BEGIN ENCRYPTED PRIVATE KEY'");
    }

    private static PrivateKey key(PKCS8EncodedKeySpec encoded, String origin, PublicKey counterpart) {
        try {
            return KeyFactory.getInstance(counterpart.getAlgorithm()).generatePrivate(encoded);
        } catch (GeneralSecurityException failure) {
            throw new IllegalArgumentException(
                    "the private key of " + origin + " cannot be read; expected a key for a certificate of algorithm "
                            + counterpart.getAlgorithm(),
                    failure);
        }
    }

    private static PKCS8EncodedKeySpec decrypt(byte[] der, String origin, char @Nullable [] password) {
        if (password == null) {
            throw new IllegalArgumentException("the private key of " + origin + " is encrypted; give its password");
        }
        PBEKeySpec passwordSpec = new PBEKeySpec(password);
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
            String algorithm =
                    PBES2.contains(info.getAlgName()) ? info.getAlgParameters().toString() : info.getAlgName();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(passwordSpec),
                    info.getAlgParameters());
            return info.getKeySpec(cipher);
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalArgumentException(
                    "the private key of " + origin + " cannot be decrypted with this password", failure);
        } finally {
            passwordSpec.clearPassword();
        }
    }

    private static List<Section> sections(byte[] pem) {
        List<Section> sections = new ArrayList<>();
        Matcher matcher = SECTION.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            sections.add(new Section(matcher.group(1), matcher.group(2)));
        }
        return sections;
    }

    /** What stands between BEGIN and END. */
    private record Section(String label, String base64) {

        byte[] der(String origin) {
            try {
                return Base64.getMimeDecoder().decode(base64);
            } catch (IllegalArgumentException malformed) {
                throw new IllegalArgumentException(
                        origin + " is damaged: what follows 'BEGIN " + label + "' is not Base64", malformed);
            }
        }
    }
}
