// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.client.ClientScript.message;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectStreamError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113 §8.2, HTTP Fields. */
@Timeout(60)
class Section82FieldsTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @RegisterExtension
    final ClientScript script = new ClientScript();

    // ---- names and values (§8.2.1) ----

    static Stream<Header> illegal() {
        return Stream.of(
                new Header("X-Upper", "1"),
                new Header("TE", "trailers"),
                new Header("x-uppeR", "1"),
                new Header("", "no name"),
                new Header(":", "no name"),
                new Header("with space", "1"),
                new Header("with:colon", "1"),
                new Header("x\u0000", "1"),
                new Header("x\n", "1"),
                new Header("x\u007f", "1"),
                new Header("x\u00e9", "1"),
                new Header("x\"", "1"),
                new Header("x-value", "a\u0000b"),
                new Header("x-value", "a\nb"),
                new Header("x-value", "a\rb"),
                new Header("x-value", "\r\n"),
                new Header("user-agent", "me\nx-injected: 1"),
                new Header("grpc-timeout", "1S\n"));
    }

    @ParameterizedTest
    @MethodSource("illegal")
    void aRequestWithAnIllegalFieldCostsItsStream(Header field) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).plus(field.name(), field.value()), lastText(1, "hi"));

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
    }

    /** What the compression has in its table is not looked at again if it was legal, and is if it was not. */
    @Test
    void anIllegalFieldIsIllegalEachTime() {
        ScriptedPeer peer = server.greet();

        for (int streamId = 1; streamId < 9; streamId += 2) {
            peer.send(GrpcFrames.request(streamId, UNARY).plus("x-value", "a\nb"));
            peer.expectRstStream(streamId, ErrorCode.PROTOCOL_ERROR);
        }

        expectNextCallAnswered(peer, 9);
    }

    /** A legal name is not a legal value's pass, nor the reverse. */
    @Test
    void aValueThatIsKnownIsNoName() {
        ScriptedPeer peer = server.greet();
        peer.send(GrpcFrames.request(1, UNARY).plus("x-name", "X-Upper"), lastText(1, "hi"));
        GrpcResponse.collect(peer, 1);

        peer.send(GrpcFrames.request(3, UNARY).plus("X-Upper", "x-name"));

        expectStreamError(peer, 3, ErrorCode.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "!#$%&'*+-.^_`|~09az", "x_y.z-1"})
    void everyNameThatHttpAllowsIsTaken(String name) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).plus(name, "1"), lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    /** RFC 9113 forbids spaces at either end; gRPC's clients send them, and gRPC strips them: decision 19. */
    @ParameterizedTest
    @ValueSource(strings = {" padded", "padded ", "\tpadded\t", "", " ", "\u00e9", "a\u0001b"})
    void aValueThatCannotSplitAMessageIsTaken(String value) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).plus("x-value", value), lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    @Test
    void weSendNoSpacesAroundAValue() {
        ScriptedPeer peer = script.connected();
        script.unary(
                CallOptions.DEFAULT.withMetadata(Metadata.builder()
                        .addText("x-padded", "  some text ")
                        .addText("x-empty", "")
                        .addText("x-spaces", "  ")
                        .build()),
                "hi");

        assertThat(GrpcRequest.collect(peer).headers())
                .contains(new Header("x-padded", "some text"), new Header("x-empty", ""), new Header("x-spaces", ""));
    }

    @ParameterizedTest
    @MethodSource("illegal")
    void anAnswerWithAnIllegalFieldFailsItsCall(Header field) {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);

        peer.send(GrpcFrames.response(1).plus(field.name(), field.value()));

        assertThat(failureOf(call).status().code()).isEqualTo(StatusCode.INTERNAL);
        peer.expectRstStream(1, ErrorCode.PROTOCOL_ERROR);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void trailersWithAnIllegalFieldFailTheirCall() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);

        peer.send(GrpcFrames.response(1), message(1, "ho"), GrpcFrames.end(1, 0).plus("x-value", "a\nb"));

        assertThat(failureOf(call).status().code()).isEqualTo(StatusCode.INTERNAL);
    }

    // ---- connection-specific fields (§8.2.2) ----

    @ParameterizedTest
    @CsvSource({
        "connection, keep-alive",
        "connection, te",
        "keep-alive, 1",
        "proxy-connection, close",
        "transfer-encoding, chunked",
        "upgrade, h2c",
        "te, gzip",
        "te, 'trailers, gzip'",
        "te, ''"
    })
    void aFieldOfAnHttp1ConnectionCostsTheStream(String name, String value) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).without("te").plus(name, value), lastText(1, "hi"));

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void aGoodTeDoesNotMakeUpForABadOne() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).with("te", "gzip").plus("te", "trailers"), lastText(1, "hi"));

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
    }
}
