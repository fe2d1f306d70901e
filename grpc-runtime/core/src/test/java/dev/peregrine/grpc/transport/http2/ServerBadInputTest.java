// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is wrong with the head of a call, who hears of it, and that it costs no more than it must: the next call is answered.
 * What is wrong with its messages is told in {@code ServerFailedCallsTest}, what is wrong with HTTP/2 in {@code rfc9113}.
 */
@Timeout(60)
class ServerBadInputTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    // ---- not HTTP/2 ----

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\nhost: here\r\n\r\n", "POST /test.Texts/Unary HTTP/1.1\r\n\r\n", "PUT / "})
    void whoSpeaksHttp1IsAnsweredInHttp1(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.server().port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 505 HTTP Version Not Supported\r\n"
                            + "connection: close\r\n"
                            + "content-type: text/plain; charset=utf-8\r\n"
                            + "content-length: 66\r\n"
                            + "\r\n"
                            + "the client speaks HTTP/1, but this port speaks HTTP/2 (gRPC) only\n");
        }
    }

    @Test
    void whoSpeaksTlsToAPlaintextPortIsTold() {
        ScriptedPeer peer = server.dial();

        peer.sendRaw(Octets.hex("16 03 01 02 00 01 00 01 fc 03 03"));

        assertThat(peer.expectGoAway(ErrorCode.PROTOCOL_ERROR).debugText()).contains("TLS");
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void randomOctetsCostTheConnection() {
        ScriptedPeer peer = server.dial();

        peer.sendRaw(Octets.hex("00 ff 13 37 de ad be ef"));

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    // ---- not a call of gRPC: an HTTP answer ----

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json", "application/grpc-web", "application/grpcx", ""})
    void anotherContentTypeIs415(String contentType) {
        expectRefused(
                GrpcFrames.request(1, UNARY).with("content-type", contentType),
                415,
                13,
                "a gRPC call has content-type application/grpc, this one has '" + contentType + "'");
    }

    @Test
    void noContentTypeIs415() {
        expectRefused(
                GrpcFrames.request(1, UNARY).without("content-type"),
                415,
                13,
                "a gRPC call has content-type application/grpc, this one has none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc+proto", "application/grpc;charset=utf-8", "application/grpc+json"})
    void everyContentTypeOfGrpcIsTaken(String contentType) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).with("content-type", contentType), lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    @Test
    void anotherMethodThanPostIs405AndSaysWhatIsAllowed() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).with(":method", "GET").andEndStream());

        assertThat(peer.expectHeaders(1).headers())
                .isEqualTo(Header.list(
                        ":status", "405",
                        "allow", "POST",
                        "content-type", "text/plain; charset=utf-8",
                        "grpc-status", "13",
                        "grpc-message", "a gRPC call is a POST, this is a GET"));
        assertThat(peer.expectData(1).payload().utf8()).isEqualTo("a gRPC call is a POST, this is a GET\n");
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"test.Texts/Unary", "*"})
    void aPathWithoutASlashIs404(String path) {
        expectRefused(
                GrpcFrames.request(1, path), 404, 12, "a gRPC path is /service/method, this one is '" + path + "'");
    }

    @Test
    void twoNamesForTheServerAre400() {
        expectRefused(
                GrpcFrames.request(1, UNARY).plus("host", "elsewhere"),
                400,
                13,
                ":authority and host name different servers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "S", "123456789S", "-1S", "1s", "1 S", "1.5S"})
    void aMalformedTimeoutIs400(String timeout) {
        expectRefused(
                GrpcFrames.request(1, UNARY).plus("grpc-timeout", timeout),
                400,
                13,
                "grpc-timeout is malformed; it is at most 8 digits and one of H, M, S, m, u, n");
    }

    /** Proxies ask for te; the answer does not depend on it. */
    @Test
    void aCallWithoutTeIsAnswered() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).without("te"), lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    @Test
    void metadataOverTheLimitIs431() {
        server.limits(limits -> limits.withMaxMetadataSize(1_000));
        expectRefused(
                GrpcFrames.request(1, UNARY).plus("x-large", "x".repeat(1_000)),
                431,
                8,
                "the request's metadata is larger than the allowed 1000 bytes");
    }

    /** RFC 9113, 6.5.2: name, value and 32 for each field. */
    @Test
    void metadataUpToTheLimitIsTaken() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxMetadataSize(1_000)).greet();
        Frame.Headers request = GrpcFrames.request(1, UNARY);
        int used = request.headers().stream()
                .mapToInt(header -> header.name().length() + header.value().length() + 32)
                .sum();

        peer.send(request.plus("x", "x".repeat(1_000 - used - 33)), lastText(1, "hi"));
        assertThat(GrpcResponse.collect(peer, 1).status()).isZero();
        peer.send(GrpcFrames.request(3, UNARY).plus("x", "x".repeat(1_000 - used - 32)));

        assertThat(peer.expectHeaders(3).first(":status")).contains("431");
    }

    @Test
    void metadataFarOverTheLimitCostsTheConnection() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxMetadataSize(1_000)).greet();

        peer.send(GrpcFrames.request(1, UNARY)
                .plus("x-large", "0123456789".repeat(2_000))
                .withContinuations(2));

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
        assertThat(peer.expectClosed()).isEmpty();
    }

    // ---- props ----

    /** We answer in HTTP, ask the client to stop, and take the next call. */
    private void expectRefused(Frame.Headers request, int httpStatus, int grpcStatus, String text) {
        ScriptedPeer peer = server.greet();

        peer.send(request);

        assertThat(peer.expectHeaders(1).headers())
                .isEqualTo(Header.list(
                        ":status",
                        Integer.toString(httpStatus),
                        "content-type",
                        "text/plain; charset=utf-8",
                        "grpc-status",
                        Integer.toString(grpcStatus),
                        "grpc-message",
                        text));
        Frame.Data body = peer.expectData(1);
        assertThat(body.payload().utf8()).isEqualTo(text + "\n");
        assertThat(body.endStream()).isTrue();
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        peer.send(lastText(1, "under way"));
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }
}
