// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.peregrine.grpc.boot.fixture.TestPki;
import dev.peregrine.grpc.tls.ClientAuth;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.tls.TlsSource;
import dev.peregrine.grpc.tls.TlsTrust;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

class BundledTlsTests {

    @TempDir
    private static Path files;

    private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();

    @BeforeAll
    static void issueCertificates() {
        TestPki pki = new TestPki();
        pki.authority(files);
        TestPki.write(pki.issue("server"), files, "server");
    }

    @Test
    void protocolsAndCiphersOfTheBundleAreKept() {
        SslBundle bundle =
                bundle(true, true, SslOptions.of(new String[] {"TLS_AES_256_GCM_SHA384"}, new String[] {"TLSv1.3"}));

        ServerTls server = BundleSettings.server(bundle, ClientAuth.REQUIRE, TlsProvider.JDK);
        assertThat(server.protocols()).containsExactly("TLSv1.3");
        assertThat(server.ciphers()).containsExactly("TLS_AES_256_GCM_SHA384");
        assertThat(server.clientAuth()).isEqualTo(ClientAuth.REQUIRE);
        assertThat(server.provider()).isEqualTo(TlsProvider.JDK);

        ClientTls client = BundleSettings.client(bundle, TlsProvider.AUTOMATIC);
        assertThat(client.protocols()).containsExactly("TLSv1.3");
        assertThat(client.ciphers()).containsExactly("TLS_AES_256_GCM_SHA384");
        assertThat(client.identity()).isNotNull();
        assertThat(client.trust()).isNotSameAs(TlsTrust.system());
    }

    @Test
    void aProtocolThatHttp2ForbidsIsRefused() {
        SslBundle bundle = bundle(true, false, SslOptions.of(null, new String[] {"TLSv1.1"}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BundleSettings.server(bundle, ClientAuth.NONE, TlsProvider.AUTOMATIC))
                .withMessageContaining("protocol 'TLSv1.1'");
    }

    @Test
    void aServerNeedsACertificateAndAClientDoesNot() {
        SslBundle bundle = bundle(false, true, SslOptions.NONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BundleSettings.server(bundle, ClientAuth.NONE, TlsProvider.AUTOMATIC))
                .withMessageStartingWith("it has no key store");
        assertThat(BundleSettings.client(bundle, TlsProvider.AUTOMATIC).identity())
                .isNull();
    }

    @Test
    void withoutATrustStoreAClientTrustsTheSystemAndAServerNoClient() {
        SslBundle bundle = bundle(true, false, SslOptions.NONE);
        assertThat(BundleSettings.client(bundle, TlsProvider.AUTOMATIC).trust()).isSameAs(TlsTrust.system());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BundleSettings.server(bundle, ClientAuth.OPTIONAL, TlsProvider.AUTOMATIC))
                .withMessageStartingWith("it has no trust store");
    }

    @Test
    void anUpdateOfTheBundleReplacesTheSettings() {
        bundles.registerBundle("tls", bundle(true, false, SslOptions.NONE));
        TlsSource<ServerTls> source = follow("tls");
        bundles.updateBundle("tls", bundle(true, false, SslOptions.of(null, new String[] {"TLSv1.3"})));
        assertThat(source.current().protocols()).containsExactly("TLSv1.3");
    }

    @Test
    void anUpdateBetweenTheFirstLookAndTheFirstDayOfFollowingCounts() {
        SslBundle updated = bundle(true, false, SslOptions.of(null, new String[] {"TLSv1.3"}));
        bundles.registerBundle("tls", bundle(true, false, SslOptions.NONE));
        SslBundles hasty = mock(SslBundles.class);
        when(hasty.getBundle("tls")).thenAnswer(asked -> {
            SslBundle first = bundles.getBundle("tls");
            bundles.updateBundle("tls", updated);
            return first;
        });
        doAnswer(asked -> {
                    bundles.addBundleUpdateHandler("tls", asked.getArgument(1));
                    return null;
                })
                .when(hasty)
                .addBundleUpdateHandler(any(), any());
        TlsSource<ServerTls> source = BundledTls.follow(
                hasty,
                "tls",
                "grpc.server.ssl.bundle",
                found -> BundleSettings.server(found, ClientAuth.NONE, TlsProvider.AUTOMATIC));
        assertThat(source.current().protocols()).containsExactly("TLSv1.3");
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void anUpdateThatCannotBeUsedIsReportedAndChangesNothing(CapturedOutput output) {
        bundles.registerBundle("tls", bundle(true, false, SslOptions.NONE));
        TlsSource<ServerTls> source = follow("tls");
        ServerTls before = source.current();
        bundles.updateBundle("tls", bundle(false, true, SslOptions.NONE));
        assertThat(source.current()).isSameAs(before);
        assertThat(output)
                .contains("The SSL bundle 'tls' was reloaded, but cannot be used: it has no key store")
                .contains("gRPC goes on with what it held before");
    }

    @Test
    void aMissingBundleIsNamedWithThoseThereAre() {
        bundles.registerBundle("other", bundle(true, false, SslOptions.NONE));
        assertThatExceptionOfType(FailureAnalyzedException.class)
                .isThrownBy(() -> follow("tls"))
                .satisfies(failure -> {
                    assertThat(failure.analysis().getDescription())
                            .isEqualTo("grpc.server.ssl.bundle names the SSL bundle 'tls', which does not exist. There"
                                    + " are: other.");
                    assertThat(failure.analysis().getAction()).contains("spring.ssl.bundle.pem.tls");
                });
    }

    @Test
    void aBundleThatCannotBeUsedSaysWhy() {
        bundles.registerBundle("tls", bundle(false, true, SslOptions.NONE));
        assertThatExceptionOfType(FailureAnalyzedException.class)
                .isThrownBy(() -> follow("tls"))
                .satisfies(failure -> assertThat(failure.analysis().getDescription())
                        .startsWith(
                                "The SSL bundle 'tls', which grpc.server.ssl.bundle names, cannot be used: it has no"
                                        + " key store"));
    }

    private TlsSource<ServerTls> follow(String bundle) {
        return BundledTls.follow(
                bundles,
                bundle,
                "grpc.server.ssl.bundle",
                found -> BundleSettings.server(found, ClientAuth.NONE, TlsProvider.AUTOMATIC));
    }

    private static SslBundle bundle(boolean withKey, boolean withTrust, SslOptions options) {
        PemSslStoreDetails key = withKey
                ? PemSslStoreDetails.forCertificate(location("server.crt")).withPrivateKey(location("server.key"))
                : null;
        PemSslStoreDetails trust = withTrust ? PemSslStoreDetails.forCertificate(location("authority.crt")) : null;
        return SslBundle.of(stores(key, trust), SslBundleKey.NONE, options);
    }

    private static PemSslStoreBundle stores(@Nullable PemSslStoreDetails key, @Nullable PemSslStoreDetails trust) {
        return new PemSslStoreBundle(key, trust);
    }

    private static String location(String file) {
        return files.resolve(file).toUri().toString();
    }
}
