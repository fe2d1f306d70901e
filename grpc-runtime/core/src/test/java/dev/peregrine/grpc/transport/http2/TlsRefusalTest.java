// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TlsScript.LOCALHOST;
import static dev.peregrine.grpc.transport.http2.TlsScript.PKI;
import static dev.peregrine.grpc.transport.http2.TlsScript.STRANGERS;
import static dev.peregrine.grpc.transport.http2.TlsScript.clientTls;
import static dev.peregrine.grpc.transport.http2.TlsScript.failure;
import static dev.peregrine.grpc.transport.http2.TlsScript.get;
import static dev.peregrine.grpc.transport.http2.TlsScript.serverTls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.TestPki;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.tls.ClientAuth;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.tls.TlsTrust;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is refused over TLS, and what each end says then. */
@Timeout(60)
class TlsRefusalTest {

    @RegisterExtension
    final TlsScript script = new TlsScript();

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @RegisterExtension
    final ConnectionLog log = new ConnectionLog();

    @AfterEach
    void nothingWasLoggedAloud() {
        assertThat(log.loud()).isEmpty();
    }

    // ---- the server's certificate ----

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aCertificateOfAnUnknownAuthorityIsNotTrusted(TlsProvider provider) throws Exception {
        int port = script.serve(
                server, ServerTls.of(TestPki.identity(STRANGERS.localhost())).withProvider(provider));

        assertRefused(
                failure(script.channel(port, clientTls(provider))),
                "the server's certificate 'CN=localhost', issued by 'CN=Strangers', is not trusted");
        log.expect("did not accept our certificate");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void theSystemsRootsDoNotTrustOurs(TlsProvider provider) {
        int port = script.serve(server, serverTls(provider));

        assertRefused(
                failure(script.channel(port, ClientTls.systemRoots().withProvider(provider))),
                "the server's certificate 'CN=localhost', issued by 'CN=The Authority', is not trusted");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aCertificateThatHasExpiredIsRefused(TlsProvider provider) {
        X509Bundle old = PKI.issue(
                "localhost",
                made -> made.addSanDnsName("localhost")
                        .notBefore(Instant.parse("2020-01-01T00:00:00Z"))
                        .notAfter(Instant.parse("2021-01-01T00:00:00Z")));
        int port = script.serve(server, ServerTls.of(TestPki.identity(old)).withProvider(provider));

        assertRefused(
                failure(script.channel(port, clientTls(provider))),
                "the server's certificate 'CN=localhost' expired at 2021-01-01T00:00:00Z");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aCertificateOfTheFutureIsRefused(TlsProvider provider) {
        X509Bundle future = PKI.issue(
                "localhost",
                made -> made.addSanDnsName("localhost")
                        .notBefore(Instant.parse("2090-01-01T00:00:00Z"))
                        .notAfter(Instant.parse("2091-01-01T00:00:00Z")));
        int port = script.serve(server, ServerTls.of(TestPki.identity(future)).withProvider(provider));

        assertRefused(failure(script.channel(port, clientTls(provider))), "is not valid before 2090-01-01T00:00:00Z");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aCertificateForAnotherNameIsRefusedWithTheNamesItIsFor(TlsProvider provider) {
        X509Bundle other =
                PKI.issue("x", made -> made.addSanDnsName("a.example.com").addSanIpAddress("10.0.0.1"));
        int port = script.serve(server, ServerTls.of(TestPki.identity(other)).withProvider(provider));

        assertRefused(
                failure(script.channel(port, clientTls(provider))),
                "the server's certificate is for [a.example.com, 10.0.0.1], not for 'localhost'");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aCertificateForTheAddressIsRefusedWhereTheAuthorityIsAnother(TlsProvider provider) {
        int port = script.serve(server, serverTls(provider));
        UnaryOperator<ManagedChannel.Builder> override =
                builder -> builder.tls(clientTls(provider)).authority("greeter.example.com");

        assertRefused(
                failure(script.channel("localhost", port, override)),
                "the server's certificate is for [localhost, 127.0.0.1], not for 'greeter.example.com'");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aCertificateForTheNameIsRefusedForTheAddress(TlsProvider provider) {
        X509Bundle nameOnly = PKI.issue("localhost", made -> made.addSanDnsName("localhost"));
        int port = script.serve(server, ServerTls.of(TestPki.identity(nameOnly)).withProvider(provider));

        assertRefused(
                failure(script.channel("127.0.0.1", port, builder -> builder.tls(clientTls(provider)))),
                "the server's certificate is for [localhost], not for '127.0.0.1'");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "AUTOMATIC"})
    void namesAreCheckedForATrustManagerThatDoesNotKnowHow(TlsProvider provider) {
        int port = script.serve(server, serverTls(provider));
        ClientTls credulous = ClientTls.trusting(TlsTrust.of(new Credulous())).withProvider(provider);

        assertThat(TlsScript.answer(script.channel(port, credulous), "hi")).isEqualTo("re: hi");
        StatusException failure = failure(script.channel(
                "localhost", port, builder -> builder.tls(credulous).authority("greeter.example.com")));
        assertRefused(failure, "greeter.example.com");
    }

    @Test
    void theNativeImplementationIsNotTakenWhereItWouldNotCheckNames() {
        ClientTls credulous = ClientTls.trusting(TlsTrust.of(new Credulous())).withProvider(TlsProvider.NATIVE);

        assertThatThrownBy(() -> script.channel(1, credulous))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not check names for the trust manager")
                .hasMessageContaining("choose the provider AUTOMATIC or JDK");
    }

    // ---- the client's certificate ----

    @ParameterizedTest
    @CsvSource({"JDK, TLSv1.2", "JDK, TLSv1.3", "NATIVE, TLSv1.2", "NATIVE, TLSv1.3"})
    void aClientWithoutACertificateIsRefusedWhereOneIsRequired(TlsProvider provider, String version) throws Exception {
        int port = script.serve(
                server, serverTls(provider).withProtocols(version).withClientAuth(ClientAuth.REQUIRE, PKI.trust()));

        assertRefused(failure(script.channel(port, clientTls(provider))), "requires a certificate");
        log.expect("the client sent no certificate, which this server requires");
    }

    @ParameterizedTest
    @CsvSource({
        "JDK, OPTIONAL, TLSv1.3",
        "JDK, REQUIRE, TLSv1.2",
        "JDK, REQUIRE, TLSv1.3",
        "NATIVE, OPTIONAL, TLSv1.3",
        "NATIVE, REQUIRE, TLSv1.2",
        "NATIVE, REQUIRE, TLSv1.3"
    })
    void aClientWithACertificateOfAnUnknownAuthorityIsRefused(TlsProvider provider, ClientAuth auth, String version)
            throws Exception {
        int port =
                script.serve(server, serverTls(provider).withProtocols(version).withClientAuth(auth, PKI.trust()));
        X509Bundle mallory = STRANGERS.issue("mallory", made -> made.addExtendedKeyUsageClientAuth());
        // The JDK's key manager would not even show a certificate of an authority that the server does not name.
        ClientTls client = clientTls(TlsProvider.JDK).withIdentity(TlsIdentities.shownAnyway(mallory));

        assertRefused(failure(script.channel(port, client)), "accept our");
        log.expect("the client's certificate 'CN=mallory', issued by 'CN=Strangers', is not trusted");
    }

    // ---- agreement ----

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void endsWithoutACommonVersionSaySo(TlsProvider provider) {
        int port = script.serve(server, serverTls(provider).withProtocols("TLSv1.3"));

        assertRefused(
                failure(script.channel(port, clientTls(provider).withProtocols("TLSv1.2"))),
                "there is no version of TLS that both ends speak");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void endsWithoutACommonCipherSuiteSaySo(TlsProvider provider) {
        int port = script.serve(
                server,
                serverTls(provider).withProtocols("TLSv1.2").withCiphers("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));
        ClientTls other =
                clientTls(provider).withProtocols("TLSv1.2").withCiphers("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");

        assertRefused(failure(script.channel(port, other)), "no cipher suite that both ends have");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aServerThatDoesNotChooseH2IsRefused(TlsProvider provider) throws Exception {
        SSLServerSocket listener = script.listen(LOCALHOST);
        Future<SSLSocket> accepted = script.accept(listener);

        assertRefused(
                failure(script.channel(listener.getLocalPort(), clientTls(provider))),
                "does not speak HTTP/2 over TLS: it did not choose h2 by ALPN");
        get(accepted);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aServerThatKnowsOnlyHttp1IsRefused(TlsProvider provider) throws Exception {
        SSLServerSocket listener = script.listen(LOCALHOST, "http/1.1");
        script.accept(listener);

        assertRefused(failure(script.channel(listener.getLocalPort(), clientTls(provider))), "does not speak HTTP/2");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aClientThatOffersNoAlpnIsToldThatHttp2NeedsIt(TlsProvider provider) throws Exception {
        SSLSocket socket = script.dial(script.serve(server, serverTls(provider)), null);
        socket.startHandshake();
        ScriptedPeer peer = script.closeLater(ScriptedPeer.asClient(socket));

        peer.sendPreface().send(new Frame.Settings());
        Frame.GoAway goAway = peer.expectGoAway(ErrorCode.INADEQUATE_SECURITY);
        assertThat(goAway.debugText()).contains("the client did not offer h2");
        peer.expectClosed();
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aClientOfHttp1IsAnsweredInHttp1(TlsProvider provider) throws Exception {
        SSLSocket socket = script.dial(script.serve(server, serverTls(provider)), null);
        socket.startHandshake();
        socket.getOutputStream().write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 505 ")
                .contains("HTTP/2 (gRPC) only");
    }

    @Test
    void aClientOfTheNativeImplementationCannotRestrictTls13() {
        ClientTls restricted = clientTls(TlsProvider.NATIVE).withCiphers("TLS_AES_128_GCM_SHA256");

        assertThatThrownBy(() -> script.channel(1, restricted))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("uses all cipher suites of TLS 1.3 or none");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aCipherSuiteThatTheImplementationDoesNotHaveIsAnErrorAtOnce(TlsProvider provider) {
        ClientTls unheard =
                clientTls(provider).withProtocols("TLSv1.2").withCiphers("TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256");

        assertThatThrownBy(() -> script.channel(1, unheard))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TLS cannot be set up")
                .hasMessageContaining("ARIA");
    }

    @Test
    void aServerThatCannotBeSetUpDoesNotStart() {
        server.builder().tls(serverTls(TlsProvider.NATIVE).withCiphers("TLS_AES_128_GCM_SHA256"));

        assertThatThrownBy(server::server).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(StatusException failure, String why) {
        assertThat(failure.status().code()).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(failure.status().description())
                .startsWith("no connection to ")
                .contains(why);
    }

    /** Believes everything, and is no X509ExtendedTrustManager, so that somebody else must check the name. */
    private static final class Credulous extends TrustManagerFactory {

        Credulous() {
            super(
                    new TrustManagerFactorySpi() {
                        @Override
                        protected void engineInit(KeyStore keyStore) {}

                        @Override
                        protected void engineInit(ManagerFactoryParameters parameters) {}

                        @Override
                        protected TrustManager[] engineGetTrustManagers() {
                            return new TrustManager[] {new Believer()};
                        }
                    },
                    null,
                    "credulous");
        }
    }

    private static final class Believer implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
