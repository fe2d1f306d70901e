// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TlsScript.ALICE;
import static dev.peregrine.grpc.transport.http2.TlsScript.PKI;
import static dev.peregrine.grpc.transport.http2.TlsScript.answer;
import static dev.peregrine.grpc.transport.http2.TlsScript.clientTls;
import static dev.peregrine.grpc.transport.http2.TlsScript.get;
import static dev.peregrine.grpc.transport.http2.TlsScript.serverTls;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.TestPki;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.tls.ClientAuth;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.tls.TlsTrust;
import io.netty.handler.ssl.OpenSsl;
import io.netty.pkitesting.X509Bundle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls over TLS, by both implementations of it. */
@Timeout(60)
class TlsCallsTest {

    @RegisterExtension
    final TlsScript script = new TlsScript();

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void bothImplementationsAreThereToBeTested() {
        assertThat(OpenSsl.isAvailable())
                .as("BoringSSL: %s", OpenSsl.unavailabilityCause())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"JDK, JDK", "JDK, NATIVE", "NATIVE, JDK", "NATIVE, NATIVE", "AUTOMATIC, AUTOMATIC"})
    void aCallIsAnsweredOverTls(TlsProvider ofServer, TlsProvider ofClient) throws Exception {
        int port = script.serve(server, serverTls(ofServer));

        assertThat(answer(script.channel(port, clientTls(ofClient)), "hi")).isEqualTo("re: hi");
        Peer caller = script.caller();
        assertThat(caller.tlsProtocol()).isEqualTo("TLSv1.3");
        assertThat(caller.tlsCipher()).startsWith("TLS_");
        assertThat(caller.certificates()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"JDK, TLSv1.2", "JDK, TLSv1.3", "NATIVE, TLSv1.2", "NATIVE, TLSv1.3"})
    void eachVersionOfTlsIsSpokenAlone(TlsProvider provider, String version) throws Exception {
        int port = script.serve(server, serverTls(provider).withProtocols(version));

        assertThat(answer(script.channel(port, clientTls(provider)), "hi")).isEqualTo("re: hi");
        assertThat(script.caller().tlsProtocol()).isEqualTo(version);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void theCipherSuiteIsTheOneThatWasAskedFor(TlsProvider provider) throws Exception {
        String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        int port = script.serve(
                server, serverTls(provider).withProtocols("TLSv1.2").withCiphers(suite));

        assertThat(answer(script.channel(port, clientTls(provider)), "hi")).isEqualTo("re: hi");
        assertThat(script.caller().tlsCipher()).isEqualTo(suite);
    }

    @Test
    void aSuiteOfTls13AloneIsObeyedByTheImplementationThatCan() throws Exception {
        String suite = "TLS_CHACHA20_POLY1305_SHA256";
        int port = script.serve(
                server,
                serverTls(TlsProvider.AUTOMATIC).withProtocols("TLSv1.3").withCiphers(suite));

        assertThat(answer(script.channel(port, clientTls(TlsProvider.NATIVE)), "hi"))
                .isEqualTo("re: hi");
        assertThat(script.caller().tlsCipher()).isEqualTo(suite);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void largeMessagesPassBothWays(TlsProvider provider) {
        int port = script.serve(server, serverTls(provider));
        String large = "x".repeat(3_000_000);

        assertThat(answer(script.channel(port, clientTls(provider)), large)).isEqualTo("re: " + large);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void manyCallsShareAConnection(TlsProvider provider) throws Exception {
        int port = script.serve(server, serverTls(provider));
        ManagedChannel channel = script.channel(port, clientTls(provider));
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(TlsScript.call(channel, "x".repeat(10_000) + i));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(get(calls.get(i))).isEqualTo("re: " + "x".repeat(10_000) + i);
        }
        assertThat(script.callers.stream().map(Peer::remote).distinct()).hasSize(1);
    }

    // ---- certificates of clients ----

    @ParameterizedTest
    @CsvSource({
        "JDK, OPTIONAL, TLSv1.3",
        "JDK, REQUIRE, TLSv1.3",
        "JDK, REQUIRE, TLSv1.2",
        "NATIVE, OPTIONAL, TLSv1.3",
        "NATIVE, REQUIRE, TLSv1.3",
        "NATIVE, REQUIRE, TLSv1.2"
    })
    void aClientThatHasACertificateIsKnownByIt(TlsProvider provider, ClientAuth auth, String version) throws Exception {
        int port = script.serve(
                server, serverTls(provider).withClientAuth(auth, PKI.trust()).withProtocols(version));

        assertThat(answer(script.channel(port, clientTls(provider).withIdentity(TestPki.identity(ALICE))), "hi"))
                .isEqualTo("re: hi");
        assertThat(script.caller().certificates()).first().isEqualTo(ALICE.getCertificate());
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void whoTheCallerWasIsKnownWhenTheConnectionIsGone(TlsProvider provider) throws Exception {
        int port = script.serve(server, serverTls(provider).withClientAuth(ClientAuth.REQUIRE, PKI.trust()));
        ManagedChannel channel = script.channel(port, clientTls(provider).withIdentity(TestPki.identity(ALICE)));
        answer(channel, "hi");
        Peer caller = script.caller();
        channel.close();
        server.server().close();

        assertThat(caller.certificates()).first().isEqualTo(ALICE.getCertificate());
        assertThat(caller.tlsProtocol()).isEqualTo("TLSv1.3");
        assertThat(caller.tlsCipher()).startsWith("TLS_");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aClientWithoutACertificateIsServedWhereItIsOptional(TlsProvider provider) throws Exception {
        int port = script.serve(server, serverTls(provider).withClientAuth(ClientAuth.OPTIONAL, PKI.trust()));

        assertThat(answer(script.channel(port, clientTls(provider)), "hi")).isEqualTo("re: hi");
        assertThat(script.caller().certificates()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aServerThatDoesNotAskIsNotShownACertificate(TlsProvider provider) throws Exception {
        int port = script.serve(server, serverTls(provider));

        assertThat(answer(script.channel(port, clientTls(provider).withIdentity(TestPki.identity(ALICE))), "hi"))
                .isEqualTo("re: hi");
        assertThat(script.caller().certificates()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void factoriesOfManagersServeAsIdentityAndTrust(TlsProvider provider) throws Exception {
        ServerTls ofServer = ServerTls.of(TlsIdentity.of(TlsScript.LOCALHOST.toKeyManagerFactory()))
                .withProvider(provider)
                .withClientAuth(ClientAuth.REQUIRE, TlsTrust.of(PKI.root().toTrustManagerFactory()));
        ClientTls ofClient = ClientTls.trusting(TlsTrust.of(PKI.root().toTrustManagerFactory()))
                .withProvider(provider)
                .withIdentity(TlsIdentity.of(ALICE.toKeyManagerFactory()));
        int port = script.serve(server, ofServer);

        assertThat(answer(script.channel(port, ofClient), "hi")).isEqualTo("re: hi");
        assertThat(script.caller().certificates()).first().isEqualTo(ALICE.getCertificate());
    }

    // ---- names ----

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void anAddressMayBeWhatTheCertificateIsFor(TlsProvider provider) {
        int port = script.serve(server, serverTls(provider));
        ManagedChannel channel = script.channel("127.0.0.1", port, builder -> builder.tls(clientTls(provider)));

        assertThat(answer(channel, "hi")).isEqualTo("re: hi");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void theAuthorityIsWhatTheCertificateMustBeForAndNotTheAddress(TlsProvider provider) {
        X509Bundle elsewhere = PKI.issue("x", made -> made.addSanDnsName("greeter.example.com"));
        int port =
                script.serve(server, ServerTls.of(TestPki.identity(elsewhere)).withProvider(provider));
        ManagedChannel channel = script.channel(
                "localhost", port, builder -> builder.tls(clientTls(provider)).authority("greeter.example.com:8443"));

        assertThat(answer(channel, "hi")).isEqualTo("re: hi");
    }

    @ParameterizedTest
    @CsvSource({
        "JDK, localhost, localhost",
        "NATIVE, localhost, localhost",
        "JDK, greeter.example.com:443, greeter.example.com",
        "NATIVE, greeter.example.com:443, greeter.example.com"
    })
    void theServerHearsTheNameAndThatTheSchemeIsHttps(TlsProvider provider, String authority, String name)
            throws Exception {
        X509Bundle certificate =
                PKI.issue("x", made -> made.addSanDnsName("localhost").addSanDnsName("greeter.example.com"));
        SSLServerSocket listener = script.listen(certificate, "h2");
        Future<SSLSocket> accepted = script.accept(listener);
        ManagedChannel channel = script.channel(
                "localhost",
                listener.getLocalPort(),
                builder -> builder.tls(clientTls(provider)).authority(authority));
        CompletableFuture<String> call = TlsScript.call(channel, "hi");

        SSLSocket socket = get(accepted);
        assertThat(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames())
                .containsExactly(new SNIHostName(name));
        ScriptedPeer peer = script.closeLater(ScriptedPeer.asServer(socket)).handshake();
        GrpcRequest request = GrpcRequest.collect(peer);
        assertThat(request.headers()).anySatisfy(header -> {
            assertThat(header.name()).isEqualTo(":scheme");
            assertThat(header.value()).isEqualTo("https");
        });
        peer.send(ClientScript.answer(1, "ho"));
        assertThat(get(call)).isEqualTo("ho");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void noAddressIsSentAsAName(TlsProvider provider) throws Exception {
        SSLServerSocket listener = script.listen(TlsScript.LOCALHOST, "h2");
        Future<SSLSocket> accepted = script.accept(listener);
        script.channel("127.0.0.1", listener.getLocalPort(), builder -> builder.tls(clientTls(provider)))
                .connect();

        assertThat(((ExtendedSSLSession) get(accepted).getSession()).getRequestedServerNames())
                .isEmpty();
        assertThat(get(accepted).getApplicationProtocol()).isEqualTo("h2");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aScriptedClientOfTheJdkIsAnswered(TlsProvider provider) throws Exception {
        int port = script.serve(server, serverTls(provider));
        SSLSocket socket = script.dial(port, null, "h2", "http/1.1");
        socket.startHandshake();
        assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        ScriptedPeer peer = script.closeLater(ScriptedPeer.asClient(socket)).handshake();

        peer.send(GrpcFrames.request(1, TextsServer.UNARY), TextsServer.lastText(1, "hi"));
        assertThat(TextsServer.texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }
}
