// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import io.netty.handler.ssl.OpenSsl;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is between clients and servers: the same certificate and the same implementation of TLS for every contender. It is made
 * by the orchestrator and reaches its children as system properties.
 *
 * @param certificate in PEM, its own authority; nothing if there is no TLS
 * @param key of the certificate, in PEM
 */
public record Security(Tls tls, Path certificate, Path key) {

    /** Plaintext. */
    public static final Security NONE = new Security(Tls.OFF, Path.of(""), Path.of(""));

    /** What the certificate is made out to. */
    static final String SERVER_NAME = "server.benchmarks.test";

    private static final String TLS = "benchmarks.tls";
    private static final String CERTIFICATE = "benchmarks.tls.certificate";
    private static final String KEY = "benchmarks.tls.key";

    /** Whose TLS. */
    public enum Tls {
        OFF,
        JDK,
        BORINGSSL;

        /** The name on command lines. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * @throws IllegalArgumentException if none is called so; the message names all
         */
        public static Tls byId(String id) {
            return Arrays.stream(values())
                    .filter(tls -> tls.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("tls: " + id + " (expected one of: "
                            + Arrays.stream(values()).map(Tls::id).collect(Collectors.joining(", ")) + ")"));
        }
    }

    /**
     * Makes a certificate, if one is needed, in files that end with this process.
     *
     * @throws IllegalStateException if this machine has no such TLS
     */
    public static Security create(Tls tls) throws Exception {
        if (tls == Tls.OFF) {
            return NONE;
        }
        if (tls == Tls.BORINGSSL && !OpenSsl.isAvailable()) {
            throw new IllegalStateException(
                    "BoringSSL cannot be used here; --tls=jdk can", OpenSsl.unavailabilityCause());
        }
        X509Bundle made = new CertificateBuilder()
                .subject("CN=" + SERVER_NAME)
                .addSanDnsName(SERVER_NAME)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        return new Security(
                tls,
                made.toTempCertChainPem().toPath(),
                made.toTempPrivateKeyPem().toPath());
    }

    /** What this process was told by {@link #flags}. */
    static Security ofThisProcess() {
        String tls = System.getProperty(TLS);
        return tls == null
                ? NONE
                : new Security(
                        Tls.byId(tls), Path.of(System.getProperty(CERTIFICATE)), Path.of(System.getProperty(KEY)));
    }

    /** For the command line of a child. */
    public List<String> flags() {
        return tls == Tls.OFF
                ? List.of()
                : List.of("-D" + TLS + "=" + tls.id(), "-D" + CERTIFICATE + "=" + certificate, "-D" + KEY + "=" + key);
    }
}
