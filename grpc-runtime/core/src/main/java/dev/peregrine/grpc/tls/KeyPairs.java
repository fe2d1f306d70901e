// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Map;

/** Whether a private key and a certificate belong together. Mixed-up files would else be found by the first handshake. */
public final class KeyPairs {

    /** A signature for each algorithm of keys; pairs of other keys are left to the handshake. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private static final byte[] SAMPLE = "a sample to sign".getBytes(StandardCharsets.US_ASCII);

    private KeyPairs() {}

    /**
     * @param keyOrigin where the key is from, for the message, and the certificate likewise
     * @throws IllegalArgumentException if they do not
     */
    public static void requirePair(
            PrivateKey key, String keyOrigin, X509Certificate certificate, String certificateOrigin) {
        String algorithm = SIGNATURES.get(key.getAlgorithm());
        if (algorithm != null && !signs(key, certificate, algorithm)) {
            throw new IllegalArgumentException(
                    "the private key of " + keyOrigin + " does not belong to the certificate '"
                            + certificate.getSubjectX500Principal() + "', the first of " + certificateOrigin);
        }
    }

    private static boolean signs(PrivateKey key, X509Certificate certificate, String algorithm) {
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(SAMPLE);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(SAMPLE);
            return verifier.verify(signature);
        } catch (GeneralSecurityException incompatible) { // Such as keys of different lengths or curves.
            return false;
        }
    }
}
