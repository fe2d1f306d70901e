// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peregrine.grpc.TestPki;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What settings of TLS allow, and how they are replaced. */
class TlsSettingsTest {

    private static final TestPki PKI = TestPki.named("An Authority");
    private static final ServerTls SERVER = ServerTls.of(TestPki.identity(PKI.localhost()));
    private static final ClientTls CLIENT = ClientTls.trusting(PKI.trust());

    @Test
    void tls13ComesFirstAndTls12IsAllowed() {
        assertThat(SERVER.protocols()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(CLIENT.protocols()).containsExactly("TLSv1.3", "TLSv1.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.1", "TLSv1", "SSLv3", "tls1.3", ""})
    void nothingOlderThanTls12IsAllowed(String protocol) {
        assertThatThrownBy(() -> SERVER.withProtocols("TLSv1.3", protocol))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + protocol + "' (expected: one of [TLSv1.3, TLSv1.2]");
    }

    @Test
    void noProtocolAtAllIsRefused() {
        assertThatThrownBy(() -> CLIENT.withProtocols())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("protocols: none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
                "TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256",
                "TLS_DH_anon_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_NULL_SHA",
                "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
                "ECDHE-RSA-AES128-GCM-SHA256"
            })
    void cipherSuitesThatHttp2ProhibitsAreRefused(String cipher) {
        assertThatThrownBy(() -> CLIENT.withCiphers(cipher))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + cipher + "'")
                .hasMessageContaining("RFC 9113 §9.2.2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_AES_128_GCM_SHA256",
                "TLS_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"
            })
    void cipherSuitesThatHttp2AllowsAreTaken(String cipher) {
        assertThatCode(() -> SERVER.withCiphers(cipher)).doesNotThrowAnyException();
    }

    @Test
    void askingForCertificatesNeedsToKnowWhichAreAccepted() {
        assertThatThrownBy(() -> new ServerTls(
                        SERVER.identity(),
                        ClientAuth.OPTIONAL,
                        null,
                        SERVER.protocols(),
                        SERVER.ciphers(),
                        SERVER.provider()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("clientTrust: null");
    }

    // ---- replacing ----

    @Test
    void followersTakeOverWhatIsThereAndWhatReplacesIt() {
        TlsSource<ClientTls> source = TlsSource.of(CLIENT);
        List<ClientTls> taken = new ArrayList<>();
        Runnable leave = source.follow(settings -> () -> taken.add(settings));
        ClientTls second = CLIENT.withProtocols("TLSv1.3");
        source.replace(second);
        leave.run();
        source.replace(CLIENT.withProtocols("TLSv1.2"));

        assertThat(taken).containsExactly(CLIENT, second);
    }

    @Test
    void settingsThatOneFollowerCannotUseAreTakenOverByNone() {
        TlsSource<ClientTls> source = TlsSource.of(CLIENT);
        List<ClientTls> taken = new ArrayList<>();
        source.follow(settings -> () -> taken.add(settings));
        source.follow(settings -> {
            if (settings != CLIENT) {
                throw new IllegalArgumentException("not these");
            }
            return () -> {};
        });

        assertThatThrownBy(() -> source.replace(CLIENT.withProtocols("TLSv1.3")))
                .hasMessage("not these");
        assertThat(taken).containsExactly(CLIENT);
        assertThat(source.current()).isSameAs(CLIENT);
    }
}
