// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.client.ClientScript.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.Limits;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How a client's call ends other than by a whole answer: resets, answers before the request has ended, news that
 * cross.
 */
@Timeout(30)
class ClientResetTest {

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

    // ---- resets ----

    @ParameterizedTest
    @CsvSource({
        "0, INTERNAL",
        "1, INTERNAL",
        "2, INTERNAL",
        "3, INTERNAL",
        "4, INTERNAL",
        "5, INTERNAL",
        "6, INTERNAL",
        "8, CANCELLED",
        "9, INTERNAL",
        "10, INTERNAL",
        "11, RESOURCE_EXHAUSTED",
        "12, PERMISSION_DENIED",
        "13, INTERNAL",
        "4294967295, INTERNAL",
    })
    void aResetIsAStatus(long errorCode, StatusCode code) {
        CompletableFuture<String> call = asked();
        peer.send(new Frame.RstStream(1, errorCode));

        StatusException failure = failureOf(call);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure).hasMessageContaining("the server reset the call");
        nothingElseIsSaid();
    }

    @Test
    void aResetAfterTheHeadersIsAStatusToo() {
        HeardCall call = watching();
        call.request(5);
        peer.send(GrpcFrames.response(1), message(1, "a"));
        assertThat(List.of(call.next(), call.next())).containsExactly("headers", "message a");
        peer.send(new Frame.RstStream(1, ErrorCode.ENHANCE_YOUR_CALM));

        assertThat(call.next()).startsWith("RESOURCE_EXHAUSTED: ");
        nothingElseIsSaid();
    }

    @Test
    void aRefusedUnaryCallIsSentAgain() {
        CompletableFuture<String> call = asked();
        peer.send(new Frame.RstStream(1, ErrorCode.REFUSED_STREAM));

        GrpcRequest again = GrpcRequest.collect(peer);
        assertThat(again.streamId()).isEqualTo(3);
        assertThat(again.onlyMessage().utf8()).isEqualTo("hi");
        peer.send(answer(3, "ho"));
        assertThat(answerTo(call)).isEqualTo("ho");
    }

    /** gRFC A6. */
    @Test
    void aCallThatIsRefusedTwiceFails() {
        CompletableFuture<String> call = asked();
        peer.send(new Frame.RstStream(1, ErrorCode.REFUSED_STREAM));
        assertThat(GrpcRequest.collect(peer).streamId()).isEqualTo(3);
        peer.send(new Frame.RstStream(3, ErrorCode.REFUSED_STREAM));

        assertThat(failureOf(call).status().toString())
                .startsWith("UNAVAILABLE: the server reset the call: REFUSED_STREAM");
        nothingElseIsSaid();
    }

    @Test
    void aRefusedCallOfOneRequestKeepsItsDemandWhenItIsSentAgain() {
        HeardCall call = watching();
        call.request(2);
        peer.send(new Frame.RstStream(1, ErrorCode.REFUSED_STREAM));
        GrpcRequest.collect(peer);
        peer.send(GrpcFrames.response(3), message(3, "a"), message(3, "b"), GrpcFrames.end(3, 0));

        assertThat(List.of(call.next(), call.next(), call.next(), call.next()))
                .containsExactly("headers", "message a", "message b", "OK");
    }

    @Test
    void aRefusedStreamOfRequestsIsSaidAgain() {
        peer = script.connected();
        HeardCall call = script.start(Texts.CHAT);
        call.request(1);
        call.send("a");
        peer.expectHeaders(1);
        peer.expectData(1);
        peer.send(new Frame.RstStream(1, ErrorCode.REFUSED_STREAM));
        // What is sent before the client has read the reset goes out on the first stream: so the second one first.
        peer.expectHeaders(3);
        assertThat(peer.expectData(3)).isEqualTo(message(3, "a"));
        call.send("b");
        assertThat(peer.expectData(3)).isEqualTo(message(3, "b"));
        call.halfClose();
        assertThat(peer.expectData(3).endStream()).isTrue();
        peer.send(answer(3, "ho"));
        assertThat(List.of(call.next(), call.next(), call.next())).containsExactly("headers", "message ho", "OK");
    }

    @Test
    void manyRefusalsDoNotCostTheConnection() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withMaxResetsPerWindow(2)));
        peer = script.connected();
        for (int id = 1; id <= 9; id += 2) {
            CompletableFuture<String> call = script.unary("hi");
            peer.expectHeaders(id);
            peer.send(new Frame.RstStream(id, ErrorCode.CANCEL));
            assertThat(failureOf(call).code()).isEqualTo(StatusCode.CANCELLED);
        }

        assertThat(peer.pingBarrier(Frame.GoAway.class)).isEmpty();
    }

    // ---- an answer before the request has ended ----

    @Test
    void anAnswerThatComesEarlyEndsTheRequest() {
        peer = script.connected();
        HeardCall call = script.start(Texts.UPLOAD);
        call.send("a");
        peer.expectHeaders(1);
        peer.expectData(1);
        peer.send(answer(1, "enough"));

        assertThat(List.of(call.next(), call.next(), call.next())).containsExactly("headers", "message enough", "OK");
        peer.expectRstStream(1, ErrorCode.CANCEL);
        call.send("b");
        call.halfClose();
        nothingElseIsSaid();
    }

    @Test
    void aResetBehindTheTrailersChangesNothing() {
        peer = script.connected();
        HeardCall call = script.start(Texts.UPLOAD);
        peer.expectHeaders(1);
        peer.send(
                GrpcFrames.response(1),
                message(1, "enough"),
                GrpcFrames.end(1, 0),
                new Frame.RstStream(1, ErrorCode.NO_ERROR));

        assertThat(List.of(call.next(), call.next(), call.next())).containsExactly("headers", "message enough", "OK");
    }

    @Test
    void aResetBehindTheTrailersLeavesTheMessagesToBeRead() {
        peer = script.connected();
        HeardCall call = script.start(Texts.CHAT);
        peer.expectHeaders(1);
        peer.send(
                GrpcFrames.response(1),
                message(1, "a"),
                message(1, "b"),
                GrpcFrames.end(1, 0),
                new Frame.RstStream(1, ErrorCode.NO_ERROR));
        assertThat(peer.pingBarrier()).isEmpty();
        call.send("nobody reads this");
        call.request(2);

        assertThat(List.of(call.next(), call.next(), call.next(), call.next()))
                .containsExactly("headers", "message a", "message b", "OK");
        nothingElseIsSaid();
    }

    // ---- news that cross ----

    @Test
    void framesThatCrossOurCancelAreDropped() {
        HeardCall call = watching();
        call.request(1);
        call.cancel("enough", null);
        assertThat(call.next()).isEqualTo("CANCELLED: enough");
        peer.expectRstStream(1, ErrorCode.CANCEL);
        peer.send(GrpcFrames.response(1), message(1, "a"), GrpcFrames.end(1, 0));
        peer.send(new Frame.WindowUpdate(1, 100), new Frame.RstStream(1, ErrorCode.NO_ERROR));

        nothingElseIsSaid();
        assertThat(call.heard()).isEmpty();
    }

    @Test
    void headersThatCrossOurCancelStillTeachTheirCompression() {
        HeardCall call = watching();
        call.cancel("enough", null);
        peer.expectRstStream(1, ErrorCode.CANCEL);
        peer.send(GrpcFrames.response(1).plus("taught", "something"));
        CompletableFuture<String> next = script.unary("hi");
        peer.expectHeaders(3);
        peer.send(GrpcFrames.response(3).plus("taught", "something"), message(3, "ho"), GrpcFrames.end(3, 0));

        assertThat(answerTo(next)).isEqualTo("ho");
    }
}
