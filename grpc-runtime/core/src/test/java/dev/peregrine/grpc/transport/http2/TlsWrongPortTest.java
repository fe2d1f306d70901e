// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TlsScript.clientTls;
import static dev.peregrine.grpc.transport.http2.TlsScript.failure;
import static dev.peregrine.grpc.transport.http2.TlsScript.serverTls;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.tls.TlsProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One end speaks TLS and the other does not, or one says nothing: both ends know, and say so. */
@Timeout(60)
class TlsWrongPortTest {

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

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aClientOfTlsFindsAPlaintextServer(TlsProvider provider) throws Exception {
        int port = server.server().port();

        assertUnavailable(
                failure(script.channel(port, clientTls(provider))),
                "the server answered with HTTP/2 in plaintext, but this client speaks TLS");
        log.expect("the client speaks TLS, but this port speaks plaintext");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aPlaintextClientFindsAServerOfTls(TlsProvider provider) throws Exception {
        int port = script.serve(server, serverTls(provider));

        assertUnavailable(
                failure(script.channel("localhost", port, builder -> builder)),
                "the server answered with TLS, but this client speaks plaintext");
        log.expect("the client speaks HTTP/2 in plaintext, but this port speaks TLS");
    }

    @ParameterizedTest
    @CsvSource({"JDK, GET /", "JDK, POST /x", "JDK, OPTIONS *", "NATIVE, GET /"})
    void aPlaintextClientOfHttp1IsAnsweredInHttp1ByAServerOfTls(TlsProvider provider, String request) throws Exception {
        try (Socket socket = dial(script.serve(server, serverTls(provider)))) {
            socket.getOutputStream().write(ascii(request + " HTTP/1.1\r\n\r\n"));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .endsWith(
                            "\r\n\r\nthe client speaks HTTP/1 in plaintext, but this port speaks HTTP/2 (gRPC) over TLS\n");
        }
        log.expect("the client speaks HTTP/1 in plaintext");
    }

    @Test
    void bytesOfNoKnownProtocolAreNamed() throws Exception {
        try (Socket socket = dial(script.serve(server, serverTls(TlsProvider.AUTOMATIC)))) {
            socket.getOutputStream().write(new byte[] {1, 2});
            socket.getOutputStream().write(new byte[] {3, 4, 5, 6});

            assertThat(socket.getInputStream().readAllBytes()).startsWith(0x15, 3, 3);
        }
        log.expect("the client's first bytes (0102030405) are no TLS, which this port speaks");
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 400 Bad Request', the server answered with HTTP/1 in plaintext",
        "'220 mail.example.com ESMTP', the server's first bytes (323230206d) are no TLS",
    })
    void aServerOfAnotherProtocolIsNamed(String greeting, String expected) throws Exception {
        try (ServerSocket listener = listen()) {
            CompletableFuture<String> call =
                    TlsScript.call(script.channel(listener.getLocalPort(), clientTls(TlsProvider.AUTOMATIC)), "hi");
            try (Socket socket = listener.accept()) {
                socket.getOutputStream().write(ascii(greeting));

                assertUnavailable(ClientScript.failureOf(call), expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aServerThatJustClosesIsToldFromOthers(TlsProvider provider) throws Exception {
        try (ServerSocket listener = listen()) {
            CompletableFuture<String> call =
                    TlsScript.call(script.channel(listener.getLocalPort(), clientTls(provider)), "hi");
            try (Socket socket = listener.accept()) {
                socket.getInputStream().read();
                socket.getInputStream().skipNBytes(socket.getInputStream().available());
            }

            assertUnavailable(ClientScript.failureOf(call), "the server closed the connection during the handshake");
        }
    }

    // ---- silence ----

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aServerThatIsSilentInTheHandshakeIsNotWaitedForLong(TlsProvider provider) throws Exception {
        try (ServerSocket listener = listen()) {
            StatusException failure = failure(script.channel(
                    "localhost",
                    listener.getLocalPort(),
                    builder -> builder.tls(clientTls(provider)).limits(TlsScript::quick)));

            assertUnavailable(failure, "the TLS handshake did not end within 300 ms");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 20})
    void aClientThatStopsInTheHandshakeIsNotWaitedForLong(int bytes) throws Exception {
        server.limits(TlsScript::quick);
        try (Socket socket = dial(script.serve(server, serverTls(TlsProvider.AUTOMATIC)))) {
            byte[] start = {0x16, 3, 1, 0, 100, 1, 0, 0, 96, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};
            socket.getOutputStream().write(start, 0, bytes);

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        log.expect("the TLS handshake did not end within 300 ms");
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void theTimeOfTheHandshakeCoversTheSettingsToo(TlsProvider provider) throws Exception {
        server.limits(limits -> limits.withHandshakeTimeout(Duration.ofSeconds(2))); // TLS itself is done by then.
        SSLSocket socket = script.dial(script.serve(server, serverTls(provider)), null, "h2");
        long start = System.nanoTime();
        socket.startHandshake();
        ScriptedPeer peer = script.closeLater(ScriptedPeer.asClient(socket));
        peer.expectGoAway(ErrorCode.NO_ERROR);

        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
        log.expect("no HTTP/2 settings came within 2 s");
    }

    private static ServerSocket listen() throws IOException {
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        listener.setSoTimeout((int) ScriptedPeer.PATIENCE.toMillis());
        return listener;
    }

    private static Socket dial(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        socket.setSoTimeout((int) ScriptedPeer.PATIENCE.toMillis());
        return socket;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void assertUnavailable(StatusException failure, String why) {
        assertThat(failure.status().code()).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(failure.status().description())
                .startsWith("no connection to ")
                .contains(why);
    }
}
