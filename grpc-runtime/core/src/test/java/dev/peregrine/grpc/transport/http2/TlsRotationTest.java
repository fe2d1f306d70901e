// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TlsScript.ALICE;
import static dev.peregrine.grpc.transport.http2.TlsScript.PKI;
import static dev.peregrine.grpc.transport.http2.TlsScript.STRANGERS;
import static dev.peregrine.grpc.transport.http2.TlsScript.answer;
import static dev.peregrine.grpc.transport.http2.TlsScript.clientTls;
import static dev.peregrine.grpc.transport.http2.TlsScript.failure;
import static dev.peregrine.grpc.transport.http2.TlsScript.serverTls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.TestPki;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.tls.ClientAuth;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.tls.TlsSource;
import dev.peregrine.grpc.tls.TlsTrust;
import io.netty.pkitesting.X509Bundle;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates and trust are replaced while connections are open and calls are under way. */
@Timeout(60)
class TlsRotationTest {

    private static final X509Bundle BOB = STRANGERS.issue("bob", made -> made.addExtendedKeyUsageClientAuth());

    @RegisterExtension
    final TlsScript script = new TlsScript();

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void newHandshakesSeeTheServersNewCertificateAndOpenConnectionsGoOn(TlsProvider provider) throws Exception {
        TlsSource<ServerTls> source = TlsSource.of(serverTls(provider));
        int port = serve(source);
        ManagedChannel before = script.channel(port, clientTls(provider));
        HeardCall chat = chat(before);
        chat.send("one");
        expect(chat, "re: one");

        X509Bundle renewed = PKI.localhost();
        source.replace(source.current().withIdentity(TestPki.identity(renewed)));

        assertThat(certificateShown(port)).isEqualTo(renewed.getCertificate());
        chat.send("two");
        expect(chat, "re: two");
        assertThat(answer(before, "on the old connection")).isEqualTo("re: on the old connection");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void whomTheServerTrustsIsReplaced(TlsProvider provider) throws Exception {
        TlsSource<ServerTls> source = TlsSource.of(serverTls(provider).withClientAuth(ClientAuth.REQUIRE, PKI.trust()));
        int port = serve(source);
        ClientTls alice = clientTls(provider).withIdentity(TestPki.identity(ALICE));
        ClientTls bob = clientTls(provider).withIdentity(TestPki.identity(BOB));
        ManagedChannel connected = script.channel(port, alice);
        assertThat(answer(connected, "hi")).isEqualTo("re: hi");
        failure(script.channel(port, bob));

        source.replace(source.current().withClientAuth(ClientAuth.REQUIRE, STRANGERS.trust()));

        assertThat(answer(script.channel(port, bob), "hi")).isEqualTo("re: hi");
        failure(script.channel(port, alice));
        assertThat(answer(connected, "still")).isEqualTo("re: still");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aChannelShowsItsNewCertificateWhenItConnectsAgain(TlsProvider provider) throws Exception {
        ServerTls either = serverTls(provider)
                .withClientAuth(
                        ClientAuth.OPTIONAL,
                        TlsTrust.ofPem(TestPki.bytes(PKI.root().getCertificatePEM()
                                + STRANGERS.root().getCertificatePEM())));
        int port = script.serve(server, either);
        TlsSource<ClientTls> source = TlsSource.of(clientTls(provider).withIdentity(TestPki.identity(ALICE)));
        ManagedChannel channel = script.channel("localhost", port, builder -> builder.tls(source));
        assertThat(answer(channel, "hi")).isEqualTo("re: hi");

        source.replace(source.current().withIdentity(TestPki.identity(BOB)));

        assertThat(answer(channel, "again")).isEqualTo("re: again");
        ManagedChannel second = script.channel("localhost", port, builder -> builder.tls(source));
        assertThat(answer(second, "anew")).isEqualTo("re: anew");
        assertThat(script.caller().certificates()).first().isEqualTo(ALICE.getCertificate());
        assertThat(script.caller().certificates()).first().isEqualTo(ALICE.getCertificate());
        assertThat(script.caller().certificates()).first().isEqualTo(BOB.getCertificate());
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aChannelThatCouldNotConnectDoesSoOnceItTrustsTheServer(TlsProvider provider) {
        int port = script.serve(server, serverTls(provider));
        TlsSource<ClientTls> source =
                TlsSource.of(ClientTls.trusting(STRANGERS.trust()).withProvider(provider));
        ManagedChannel channel =
                script.channel("localhost", port, builder -> builder.tls(source).initialBackoff(Duration.ofMillis(10)));
        failure(channel);

        source.replace(source.current().withTrust(PKI.trust()));

        assertThat(ClientScript.answerTo(
                        AsyncClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT.withWaitForReady(true), "hi")))
                .isEqualTo("re: hi");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void settingsThatCannotBeUsedAreRefusedAndTheOldOnesStay(TlsProvider provider) throws Exception {
        TlsSource<ServerTls> source = TlsSource.of(serverTls(provider).withProtocols("TLSv1.2"));
        int port = serve(source);

        assertThatThrownBy(() -> source.replace(source.current().withCiphers("TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TLS cannot be set up");
        assertThat(certificateShown(port)).isEqualTo(TlsScript.LOCALHOST.getCertificate());
    }

    private int serve(TlsSource<ServerTls> source) {
        return script.serve(server, source);
    }

    private HeardCall chat(ManagedChannel channel) {
        HeardCall call = new HeardCall(channel.newCall(Texts.CHAT, CallOptions.DEFAULT));
        call.start(call, Metadata.EMPTY);
        call.request(10);
        return call;
    }

    private static void expect(HeardCall call, String message) {
        String event;
        do {
            event = call.next();
        } while (!event.contains(message));
    }

    private Object certificateShown(int port) throws Exception {
        try (SSLSocket socket = script.dial(port, null, "h2")) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }
}
