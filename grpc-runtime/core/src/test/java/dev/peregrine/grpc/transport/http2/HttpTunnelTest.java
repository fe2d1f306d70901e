// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.transport.HttpProxy;
import dev.peregrine.grpc.transport.SocketEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A client's way through an HTTP proxy (gRFC A1), played by the test. */
@Timeout(60)
class HttpTunnelTest {

    /** A name that only the proxy knows. */
    private static final String TARGET = "inside.invalid:9090";

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    // ---- through ----

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void callsPassThroughAProxyThatAloneKnowsTheServersName(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        ScriptedProxy proxy = proxy(request -> ScriptedProxy.AGREED);
        ManagedChannel channel = open(ManagedChannel.builder(TARGET)
                .socketEngine(engine)
                .proxy(HttpProxy.of("127.0.0.1", proxy.port()))
                .build());

        assertThat(unary(channel, "hi")).isEqualTo("re: hi");
        assertThat(unary(channel, "x".repeat(1 << 20))).hasSize((1 << 20) + 4);
        assertThat(proxy.requests)
                .containsExactly("CONNECT inside.invalid:9090 HTTP/1.1\r\nhost: inside.invalid:9090\r\n\r\n");
    }

    @Test
    void theServersAuthorityIsTheTargetNotTheProxy() throws IOException {
        ScriptedProxy proxy = proxy(request -> ScriptedProxy.AGREED);

        assertThat(channel(proxy).authority()).isEqualTo(TARGET);
    }

    @Test
    void credentialsAreSentInTheBasicScheme() throws IOException {
        ScriptedProxy proxy = proxy(request -> ScriptedProxy.AGREED);
        ManagedChannel channel = open(ManagedChannel.builder(TARGET)
                .proxy(HttpProxy.of("127.0.0.1", proxy.port()).withCredentials("Aladdin", "open sesame"))
                .build());

        assertThat(unary(channel, "hi")).isEqualTo("re: hi");
        // The example of RFC 7617 §2.
        assertThat(proxy.requests.get(0)).contains("\r\nproxy-authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n");
    }

    @Test
    void theHeadersOfTheAnswerDoNotMatter() throws IOException {
        ScriptedProxy proxy = proxy(request -> "HTTP/1.1 200 OK\r\nVia: 1.1 p\r\nProxy-Agent: p/1\r\n\r\n");

        assertThat(unary(channel(proxy), "hi")).isEqualTo("re: hi");
    }

    /** A server may send its SETTINGS as soon as it is reached, which puts them right behind the proxy's answer. */
    @Test
    void whatTheServerSaysInThePacketOfTheAnswerIsNotLost() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            ScriptedProxy proxy = open(
                    new ScriptedProxy(silent.getLocalPort(), request -> ScriptedProxy.AGREED + "\0\0\0\4\0\0\0\0\0"));
            channel(proxy).connect();
            try (Socket server = silent.accept()) {
                server.setSoTimeout(20_000);
                StringBuilder heard = new StringBuilder();
                while (!heard.toString().contains("\0\0\0\4\1\0\0\0\0")) { // SETTINGS(ACK)
                    int octet = server.getInputStream().read();
                    assertThat(octet).isNotNegative();
                    heard.append((char) octet);
                }
                assertThat(heard).startsWith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            }
        }
    }

    @Test
    void aLostConnectionIsMadeAgainThroughTheProxy() throws IOException {
        ScriptedProxy proxy = proxy(request -> ScriptedProxy.AGREED);
        ManagedChannel channel = channel(proxy);
        unary(channel, "hi");
        proxy.cut();

        assertThat(unaryWhenReady(channel, "again")).isEqualTo("re: again");
        assertThat(proxy.requests).hasSize(2);
    }

    // ---- refused ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "407 Proxy Authentication Required"
                        + " | answered 407 Proxy Authentication Required; give it credentials with HttpProxy.withCredentials",
                "403 Forbidden | answered 403 Forbidden",
                "502 Bad Gateway | answered 502 Bad Gateway",
                "503 Service Unavailable | answered 503 Service Unavailable",
                "301 Moved | answered 301 Moved",
            })
    void aProxyThatRefusesMakesTheCallUnavailableWithItsAnswer(String status, String text) throws IOException {
        ScriptedProxy proxy = proxy(
                request -> "HTTP/1.1 " + status + "\r\nContent-Length: 6\r\nContent-Type: text/html\r\n\r\n<html>");

        assertThat(failureOf(channel(proxy))).isEqualTo(expected(proxy, text));
    }

    @Test
    void credentialsThatAreNotAcceptedAreNotRepeated() throws IOException {
        ScriptedProxy proxy = proxy(request -> "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
        ManagedChannel channel = open(ManagedChannel.builder(TARGET)
                .proxy(HttpProxy.of("127.0.0.1", proxy.port()).withCredentials("me", "s3cret"))
                .build());

        assertThat(failureOf(channel))
                .isEqualTo(expected(proxy, "answered 407 No; it does not accept the user and password it was given"));
    }

    /** TLS is with the server, and has not begun. */
    @Test
    void aProxyThatRefusesIsNoFailureOfTls() throws IOException {
        ScriptedProxy proxy = proxy(request -> "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
        ManagedChannel channel = open(ManagedChannel.builder(TARGET)
                .tls()
                .proxy(HttpProxy.of("127.0.0.1", proxy.port()))
                .build());

        assertThat(failureOf(channel))
                .isEqualTo(expected(proxy, "answered 407 No; give it credentials with HttpProxy.withCredentials"));
    }

    @Test
    void aProxyThatClosesMakesTheCallUnavailable() throws IOException {
        ScriptedProxy proxy = proxy(request -> "");

        assertThat(failureOf(channel(proxy))).isEqualTo(expected(proxy, "closed the connection without an answer"));
    }

    @Test
    void aProxyThatSpeaksSomethingElseMakesTheCallUnavailable() throws IOException {
        ScriptedProxy proxy = proxy(request -> "220 mail.example ESMTP\r\n\r\n");

        assertThat(failureOf(channel(proxy))).isEqualTo(expected(proxy, "answered with something that is not HTTP/1"));
    }

    @Test
    void anAnswerWithoutEndIsNotKept() throws IOException {
        ScriptedProxy proxy = proxy(request -> "HTTP/1.1 200 OK\r\nx: " + "y".repeat(100_000));

        assertThat(failureOf(channel(proxy))).isEqualTo(expected(proxy, "answered with something that is not HTTP/1"));
    }

    @Test
    void aProxyThatSaysNothingIsGivenUp() throws IOException {
        ScriptedProxy proxy = proxy(request -> null);
        ManagedChannel channel = open(ManagedChannel.builder(TARGET)
                .limits(limits -> limits.withHandshakeTimeout(Duration.ofMillis(100)))
                .proxy(HttpProxy.of("127.0.0.1", proxy.port()))
                .build());

        assertThat(failureOf(channel)).isEqualTo(expected(proxy, "has not answered within PT0.1S"));
    }

    @Test
    void aProxyThatCannotBeReachedIsNamed() throws IOException {
        ScriptedProxy proxy = proxy(request -> null);
        proxy.close();

        assertThat(failureOf(channel(proxy)))
                .isEqualTo("UNAVAILABLE: no connection to " + TARGET + ": the proxy 127.0.0.1:" + proxy.port()
                        + " cannot be reached: Connection refused: /127.0.0.1:" + proxy.port());
    }

    @Test
    void aProxyWhoseNameIsUnknownIsNamed() {
        ManagedChannel channel = open(ManagedChannel.builder(TARGET)
                .proxy(HttpProxy.of("no-proxy.invalid", 3128))
                .build());

        assertThat(failureOf(channel)).isEqualTo("UNAVAILABLE: the host 'no-proxy.invalid' cannot be resolved");
    }

    @Test
    void closingTheChannelGivesUpAProxyThatIsAsked() throws IOException {
        ScriptedProxy proxy = proxy(request -> null);
        ManagedChannel channel = channel(proxy);
        channel.connect();

        channel.close(); // Waits until nothing is left.
    }

    @Test
    void noProxyLeadsToAUnixSocket() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ManagedChannel.builder("unix:/run/x.sock")
                        .proxy(HttpProxy.of("proxy", 3128))
                        .build())
                .withMessage("no proxy leads to unix:/run/x.sock, but proxy:3128 was chosen");
    }

    private static String expected(ScriptedProxy proxy, String text) {
        return "UNAVAILABLE: no connection to " + TARGET + ": the connection broke: the proxy 127.0.0.1:" + proxy.port()
                + ", asked for " + TARGET + ", " + text;
    }

    private ScriptedProxy proxy(Function<String, String> script) throws IOException {
        return open(new ScriptedProxy(server.server().port(), script));
    }

    private ManagedChannel channel(ScriptedProxy proxy) {
        return open(ManagedChannel.builder(TARGET)
                .proxy(HttpProxy.of("127.0.0.1", proxy.port()))
                .initialBackoff(Duration.ofMillis(10))
                .build());
    }

    private <T extends AutoCloseable> T open(T resource) {
        open.add(resource);
        return resource;
    }

    private static String unary(ManagedChannel channel, String text) {
        return ClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, text);
    }

    /** The loss of a connection is known to the proxy before it is to the channel. */
    private static String unaryWhenReady(ManagedChannel channel, String text) {
        for (int i = 0; ; i++) {
            try {
                return ClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT.withWaitForReady(true), text);
            } catch (StatusException lost) {
                if (i == 2) {
                    throw lost;
                }
            }
        }
    }

    private static String failureOf(ManagedChannel channel) {
        try {
            return "answered: " + unary(channel, "hi");
        } catch (StatusException failure) {
            return failure.status().toString();
        }
    }
}
