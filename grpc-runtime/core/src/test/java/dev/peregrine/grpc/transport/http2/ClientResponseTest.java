// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.client.ClientScript.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcMessage;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.Limits;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client makes of an answer, a lawful one or not. */
@Timeout(30)
class ClientResponseTest {

    @RegisterExtension
    final ClientScript script = new ClientScript();

    private ScriptedPeer peer;

    /** A unary call on stream 1 that waits for its answer. */
    private CompletableFuture<String> asked() {
        peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        return call;
    }

    /** A call of a stream of answers, on stream 1. */
    private HeardCall watching() {
        return watching(CallOptions.DEFAULT);
    }

    private HeardCall watching(CallOptions options) {
        peer = script.connected();
        HeardCall call = script.start(Texts.WATCH, options);
        call.send("hi");
        call.halfClose();
        GrpcRequest.collect(peer);
        return call;
    }

    private void nothingElseIsSaid() {
        assertThat(peer.pingBarrier()).isEmpty();
    }

    // ---- as it should be ----

    @Test
    void anAnswerIsHeadersMessageTrailers() {
        CompletableFuture<String> call = asked();
        peer.send(answer(1, "ho"));

        assertThat(answerTo(call)).isEqualTo("ho");
        nothingElseIsSaid();
    }

    @Test
    void frameBoundariesCarryNoMeaning() {
        HeardCall call = watching();
        call.request(3);
        Octets messages = new GrpcMessage(false, Octets.utf8("one"))
                .prefixed()
                .plus(new GrpcMessage(false, Octets.utf8("")).prefixed())
                .plus(new GrpcMessage(false, Octets.utf8("three")).prefixed());
        peer.send(GrpcFrames.response(1));
        for (int i = 0; i < messages.length(); i++) {
            peer.send(new Frame.Data(1, messages.slice(i, i + 1), false));
        }
        peer.send(GrpcFrames.end(1, 0));

        assertThat(List.of(call.next(), call.next(), call.next(), call.next(), call.next()))
                .containsExactly("headers", "message one", "message ", "message three", "OK");
    }

    @Test
    void paddingIsNoPartOfTheAnswer() {
        CompletableFuture<String> call = asked();
        peer.send(
                GrpcFrames.response(1).withPadding(30),
                new Frame.Data(1, GrpcFrames.message(Octets.utf8("ho").toArray()), false, 200),
                GrpcFrames.end(1, 0).withPadding(1));

        assertThat(answerTo(call)).isEqualTo("ho");
    }

    @Test
    void headersAndTrailersBringTheirMetadata() {
        HeardCall call = watching();
        peer.send(
                GrpcFrames.response(1).plus("a", "1").plus("a", "2").plus("b-bin", "q6ur,AA=="),
                GrpcFrames.end(1, 0).plus("c", "3"));

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("OK");
        assertThat(call.headers().getAll(MetadataKey.ascii("a"))).containsExactly("1", "2");
        assertThat(call.headers().getAll(MetadataKey.binary("b-bin")))
                .containsExactly(new byte[] {(byte) 0xab, (byte) 0xab, (byte) 0xab}, new byte[1]);
        assertThat(call.trailers().get(MetadataKey.ascii("c"))).isEqualTo("3");
    }

    @Test
    void aTrailersOnlyAnswerHasNoHeadersToHear() {
        HeardCall call = watching();
        peer.send(GrpcFrames.trailersOnly(1, 5, "no such thing").plus("why", "lost"));

        assertThat(call.next()).isEqualTo("NOT_FOUND: no such thing");
        assertThat(call.trailers().get(MetadataKey.ascii("why"))).isEqualTo("lost");
        nothingElseIsSaid();
    }

    @Test
    void anErrorReachesTheCallerWithItsTrailers() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1), GrpcFrames.end(1, 10, "again").plus("x", "y"));

        StatusException failure = failureOf(call);
        assertThat(failure.status().toString()).isEqualTo("ABORTED: again");
        assertThat(failure.trailers().get(MetadataKey.ascii("x"))).isEqualTo("y");
    }

    @Test
    void aMessageBeforeAnErrorIsNotDeliveredWhenThereIsOneResponse() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1), message(1, "ho"), GrpcFrames.end(1, 10, "again"));

        assertThat(failureOf(call).code()).isEqualTo(StatusCode.ABORTED);
    }

    @Test
    void messagesBeforeAnErrorAreDeliveredWhenThereIsAStream() {
        HeardCall call = watching();
        call.request(1);
        peer.send(GrpcFrames.response(1), message(1, "ho"), GrpcFrames.end(1, 10, "again"));

        assertThat(List.of(call.next(), call.next(), call.next()))
                .containsExactly("headers", "message ho", "ABORTED: again");
    }

    @Test
    void informationalAnswersArePassedOver() {
        CompletableFuture<String> call = asked();
        peer.send(
                new Frame.Headers(1, Header.list(":status", "100"), false),
                new Frame.Headers(1, Header.list(":status", "103", "link", "x"), false));
        peer.send(answer(1, "ho"));

        assertThat(answerTo(call)).isEqualTo("ho");
    }

    @ParameterizedTest
    @CsvSource({
        "a%20b, a b",
        "%E2%98%BA, ☺",
        "%zz%4, %zz%4",
        "plain, plain",
        "%F0%9F%98%88%0A, '😈\n'",
    })
    void theMessageOfAStatusIsPercentDecodedAndNeverRefused(String sent, String heard) {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1).andEndStream().plus("grpc-status", "2").plus("grpc-message", sent));

        assertThat(failureOf(call).status().description()).isEqualTo(heard);
    }

    // ---- statuses that are not ----

    @ParameterizedTest
    @ValueSource(strings = {"17", "99", "-1", "x", "", "4294967296"})
    void aStatusThatIsNoneIsUnknownAndNamed(String value) {
        CompletableFuture<String> call = asked();
        peer.send(
                GrpcFrames.response(1),
                message(1, "ho"),
                new Frame.Headers(1, Header.list("grpc-status", value, "grpc-message", "hm"), true));

        assertThat(failureOf(call).status().toString())
                .isEqualTo("UNKNOWN: grpc-status " + value + " is none of the codes 0 to 16: hm");
    }

    @Test
    void trailersWithoutAStatusAreUnknown() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1), message(1, "ho"), new Frame.Headers(1, Header.list("x", "y"), true));

        assertThat(failureOf(call).status().toString())
                .isEqualTo("UNKNOWN: the server ended the call without grpc-status");
    }

    @Test
    void anAnswerThatEndsWithoutTrailersIsUnknown() {
        CompletableFuture<String> call = asked();
        peer.send(
                GrpcFrames.response(1), GrpcFrames.lastData(1, Octets.utf8("ho").toArray()));

        assertThat(failureOf(call).status().toString())
                .isEqualTo("UNKNOWN: the server ended the stream without trailers");
    }

    @ParameterizedTest
    @CsvSource({
        "400, INTERNAL",
        "401, UNAUTHENTICATED",
        "403, PERMISSION_DENIED",
        "404, UNIMPLEMENTED",
        "429, UNAVAILABLE",
        "502, UNAVAILABLE",
        "503, UNAVAILABLE",
        "504, UNAVAILABLE",
        "204, UNKNOWN",
        "302, UNKNOWN",
        "418, UNKNOWN",
        "500, UNKNOWN",
    })
    void withoutAGrpcStatusTheHttpStatusHasTheWord(int httpStatus, StatusCode code) {
        CompletableFuture<String> call = asked();
        peer.send(
                new Frame.Headers(1, Header.list(":status", "" + httpStatus, "content-type", "text/html"), false),
                new Frame.Data(1, Octets.utf8("<html>"), true));

        StatusException failure = failureOf(call);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure).hasMessageContaining("HTTP status " + httpStatus);
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void anHttpStatusThatEndsTheStreamNeedsNoReset() {
        CompletableFuture<String> call = asked();
        peer.send(new Frame.Headers(1, Header.list(":status", "503"), true));

        assertThat(failureOf(call).code()).isEqualTo(StatusCode.UNAVAILABLE);
        nothingElseIsSaid();
    }

    @Test
    void aGrpcStatusBesideAnHttpErrorHasTheWord() {
        CompletableFuture<String> call = asked();
        peer.send(
                new Frame.Headers(1, Header.list(":status", "404", "grpc-status", "16", "grpc-message", "who"), true));

        assertThat(failureOf(call).status().toString()).isEqualTo("UNAUTHENTICATED: who");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/grpc-web", "application/json"})
    void anotherContentTypeIsNoAnswer(String contentType) {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1).with("content-type", contentType));

        assertThat(failureOf(call).status().toString())
                .isEqualTo("UNKNOWN: the server's answer has content-type " + contentType
                        + " (expected: application/grpc)");
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void aMissingContentTypeIsNoAnswer() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1).without("content-type"));

        assertThat(failureOf(call).status().toString())
                .isEqualTo("UNKNOWN: the server's answer has no content-type (expected: application/grpc)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc+proto", "application/grpc;charset=utf-8", "Application/gRPC+json"})
    void everyContentTypeOfGrpcIsUnderstood(String contentType) {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1).with("content-type", contentType), message(1, "ho"), GrpcFrames.end(1, 0));

        assertThat(answerTo(call)).isEqualTo("ho");
    }

    static List<Arguments> malformedHeaders() {
        return List.of(
                arguments(List.of("x", "y"), "the response has no valid :status"),
                arguments(List.of(":status", "20"), "the response has no valid :status"),
                arguments(List.of(":status", "200", ":status", "200"), "a pseudo-header came twice"),
                arguments(List.of("x", "y", ":status", "200"), "a pseudo-header came after a regular one"),
                arguments(List.of(":status", "200", ":path", "/"), "a pseudo-header is not one of a response"),
                arguments(List.of(":status", "200", "upgrade", "x"), "a header speaks of an HTTP/1 connection"));
    }

    @ParameterizedTest
    @MethodSource("malformedHeaders")
    void malformedHeadersAreAStreamError(List<String> fields, String fault) {
        CompletableFuture<String> call = asked();
        peer.send(new Frame.Headers(1, Header.list(fields.toArray(String[]::new)), false));

        assertThat(failureOf(call).status().toString()).isEqualTo("INTERNAL: HTTP/2 stream error: " + fault);
        peer.expectRstStream(1, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void aPseudoHeaderHasNoPlaceInTrailers() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1), message(1, "ho"));
        peer.send(new Frame.Headers(1, Header.list(":status", "200", "grpc-status", "0"), true));

        assertThat(failureOf(call).status().description()).endsWith("there is a pseudo-header in the trailers");
    }

    @Test
    void aSecondHeaderBlockThatDoesNotEndTheStreamIsMalformed() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1), GrpcFrames.response(1));

        assertThat(failureOf(call).code()).isEqualTo(StatusCode.INTERNAL);
        peer.expectRstStream(1, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void dataBeforeHeadersIsMalformed() {
        CompletableFuture<String> call = asked();
        peer.send(message(1, "ho"));

        assertThat(failureOf(call).code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(peer.expectOn(1)).isInstanceOf(Frame.RstStream.class);
    }

    // ---- messages that are not ----

    @Test
    void aTruncatedMessageIsInternal() {
        CompletableFuture<String> call = asked();
        peer.send(
                GrpcFrames.response(1),
                new Frame.Data(1, Octets.hex("00 00 00 00 05 68"), false),
                GrpcFrames.end(1, 0));

        assertThat(failureOf(call).status().toString())
                .isEqualTo("INTERNAL: the stream ended in the middle of a message, 6 bytes into it");
    }

    @Test
    void anErrorTellsMoreThanTheTruncatedMessageBeforeIt() {
        CompletableFuture<String> call = asked();
        peer.send(
                GrpcFrames.response(1),
                new Frame.Data(1, Octets.hex("00 00 00 00 05 68"), false),
                GrpcFrames.end(1, 15, "the disk broke"));

        assertThat(failureOf(call).status().toString()).isEqualTo("DATA_LOSS: the disk broke");
    }

    @Test
    void aMessageOverTheLimitIsRefusedByItsPrefix() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withMaxMessageSize(10)));
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1), new Frame.Data(1, Octets.hex("00 00 00 00 0b"), false));

        assertThat(failureOf(call).status().toString())
                .startsWith("RESOURCE_EXHAUSTED: a message of 11 bytes is larger than the allowed 10");
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void aMessageOfExactlyTheLimitIsTaken() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withMaxMessageSize(10)));
        CompletableFuture<String> call = asked();
        peer.send(answer(1, "0123456789"));

        assertThat(answerTo(call)).isEqualTo("0123456789");
    }

    @Test
    void aCompressedMessageNobodyAskedForIsInternal() {
        CompletableFuture<String> call = asked();
        peer.send(
                GrpcFrames.response(1), new Frame.Data(1, new GrpcMessage(true, Octets.utf8("ho")).prefixed(), false));

        assertThat(failureOf(call).status().toString()).startsWith("INTERNAL: a response was flagged as compressed");
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void anEncodingNobodyOfferedIsInternal() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1).plus("grpc-encoding", "snappy"));

        assertThat(failureOf(call).status().toString())
                .isEqualTo("INTERNAL: the server compresses with 'snappy', which this client did not offer"
                        + " (offered: identity,gzip)");
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void theIdentityEncodingIsNone() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1).plus("grpc-encoding", "identity"), message(1, "ho"), GrpcFrames.end(1, 0));

        assertThat(answerTo(call)).isEqualTo("ho");
    }

    @Test
    void aFlagThatIsNeitherZeroNorOneIsInternal() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1), new Frame.Data(1, Octets.hex("02 00 00 00 01 61"), false));

        assertThat(failureOf(call).status().toString()).startsWith("INTERNAL: a message begins with 0x2");
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void aMessageThatCannotBeDecodedIsInternalAndNamesTheMethod() {
        CompletableFuture<String> call = asked();
        peer.send(answer(1, Texts.BROKEN));

        assertThat(failureOf(call).status().toString())
                .isEqualTo("INTERNAL: a response of 6 bytes for test.Texts/Unary cannot be decoded: not a valid text");
    }

    @Test
    void aMessageThatCannotBeDecodedEndsAStream() {
        HeardCall call = watching();
        call.request(9);
        peer.send(GrpcFrames.response(1), message(1, "a"), message(1, Texts.BROKEN), message(1, "b"));

        assertThat(List.of(call.next(), call.next())).containsExactly("headers", "message a");
        assertThat(call.next()).startsWith("INTERNAL: a response of 6 bytes");
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void twoResponsesWhereOneIsDueAreUnimplemented() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1), message(1, "a"), message(1, "b"));

        assertThat(failureOf(call).status().toString())
                .isEqualTo("UNIMPLEMENTED: test.Texts/Unary has one response, the server sent more");
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void noResponseWhereOneIsDueIsUnimplemented() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1), GrpcFrames.end(1, 0));

        assertThat(failureOf(call).status().toString())
                .isEqualTo("UNIMPLEMENTED: test.Texts/Unary has one response, the server sent none");
    }

    // ---- metadata that is too large ----

    @Test
    void responseHeadersOverTheLimitAreRefused() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1).plus("large", "~".repeat(9000)));

        assertThat(failureOf(call).status().toString())
                .isEqualTo("RESOURCE_EXHAUSTED: the response's metadata is larger than the allowed 8192 bytes");
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void trailersOverTheLimitAreRefusedAndTheConnectionLives() {
        CompletableFuture<String> call = asked();
        peer.send(GrpcFrames.response(1), message(1, "ho"), GrpcFrames.end(1, 0).plus("large", "~".repeat(9000)));

        assertThat(failureOf(call).code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        CompletableFuture<String> next = script.unary("again");
        peer.expectHeaders(3);
        peer.send(answer(3, "ho"));
        assertThat(answerTo(next)).isEqualTo("ho");
    }
}
