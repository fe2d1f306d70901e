// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.client.ClientScript.message;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectStreamError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.Sleeper;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113 §8.1, HTTP Message Framing. */
@Timeout(60)
class Section81MessageFramingTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @RegisterExtension
    final ClientScript script = new ClientScript();

    private final Sleeper sleeper = new Sleeper();

    // ---- trailers of a request ----

    @Test
    void trailersEndTheRequest() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UNARY),
                text(1, "hi"),
                new Frame.Headers(1, Header.list("x-checksum", "123"), true));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    static Stream<Frame.Headers> unlawfulTrailers() {
        return Stream.of(
                new Frame.Headers(1, Header.list("x-more", "1"), false),
                new Frame.Headers(1, Header.list(":path", UNARY), true),
                new Frame.Headers(1, Header.list(":status", "200"), true),
                new Frame.Headers(1, Header.list(":unknown", ""), true),
                new Frame.Headers(1, Header.list("connection", "close"), true),
                new Frame.Headers(1, Header.list("X-Upper", "1"), true),
                new Frame.Headers(1, Header.list("x-value", "a\rb"), true));
    }

    @ParameterizedTest
    @MethodSource("unlawfulTrailers")
    void unlawfulTrailersCostTheStream(Frame.Headers trailers) {
        ScriptedPeer peer = server.upload(texts -> sleeper.sleep("reading")).greet();
        peer.send(GrpcFrames.request(1, UPLOAD));
        sleeper.expectAsleep();

        peer.send(trailers);

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
        sleeper.expectInterrupted();
    }

    // ---- content-length (§8.1.1) ----

    @ParameterizedTest
    @ValueSource(strings = {"0", "6", "8", "999999999999999999"})
    void aContentLengthThatDisagreesWithTheDataCostsTheStream(String length) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).plus("content-length", length), lastText(1, "hi"));

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void dataBeyondTheContentLengthIsNotDelivered() {
        AtomicInteger read = new AtomicInteger();
        ScriptedPeer peer = server.upload(texts -> {
                    texts.forEach(text -> read.incrementAndGet());
                    return "" + read;
                })
                .greet();

        peer.send(GrpcFrames.request(1, UPLOAD).plus("content-length", "6"), text(1, "hi"));

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
        assertThat(read).hasValue(0);
    }

    @Test
    void aContentLengthWithoutAnyDataCostsTheStream() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).plus("content-length", "7").andEndStream());

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void aContentLengthThatTrailersFallShortOfCostsTheStream() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UNARY).plus("content-length", "8"),
                text(1, "hi"),
                new Frame.Headers(1, Header.list("x-checksum", "123"), true));

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "+7", "7.0", "7,7", "0x7", "9999999999999999999"})
    void aContentLengthThatIsNoNumberCostsTheStream(String length) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).plus("content-length", length), lastText(1, "hi"));

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void aContentLengthThatComesTwiceCostsTheStream() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UNARY).plus("content-length", "7").plus("content-length", "7"),
                lastText(1, "hi"));

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void aContentLengthThatAgreesIsTakenAndPaddingDoesNotCount() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UNARY).plus("content-length", "7"),
                new Frame.Data(1, text(1, "hi").payload(), true, 10));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    // ---- answers ----

    @ParameterizedTest
    @ValueSource(strings = {"6", "8", "x"})
    void anAnswerWithTheWrongContentLengthFailsTheCall(String length) {
        CompletableFuture<String> call = asked();

        peer.send(GrpcFrames.response(1).plus("content-length", length), message(1, "ho"), GrpcFrames.end(1, 0));

        assertThat(failureOf(call).status().code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(failureOf(call).status().description()).contains("content-length");
    }

    @Test
    void anAnswerWithTheRightContentLengthIsTaken() {
        CompletableFuture<String> call = asked();

        peer.send(GrpcFrames.response(1).plus("content-length", "7"), message(1, "ho"), GrpcFrames.end(1, 0));

        assertThat(answerTo(call)).isEqualTo("ho");
    }

    @Test
    void anInformationalAnswerThatEndsTheStreamIsMalformed() {
        CompletableFuture<String> call = asked();

        peer.send(new Frame.Headers(1, Header.list(":status", "103"), true));

        assertThat(failureOf(call).status().description()).contains("informational");
    }

    /** §8.6: there is nothing to switch to. */
    @Test
    void switchingProtocolsIsMalformed() {
        CompletableFuture<String> call = asked();

        peer.send(new Frame.Headers(1, Header.list(":status", "101"), false));

        assertThat(failureOf(call).status().description()).contains(":status 101");
        peer.expectRstStream(1, ErrorCode.PROTOCOL_ERROR);
    }

    private ScriptedPeer peer;

    private CompletableFuture<String> asked() {
        peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        return call;
    }
}
