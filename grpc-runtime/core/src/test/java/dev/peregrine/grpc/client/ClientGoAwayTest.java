// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcMessage;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that sends its client away (RFC 9113 §6.8), and the calls it has not seen (gRFC A6). */
@Timeout(30)
class ClientGoAwayTest {

    @RegisterExtension
    final ClientScript script = new ClientScript();

    @Test
    void openCallsFinishWhenTheServerGoesAwayAndNewOnesGoElsewhere() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> first = script.unary("1");
        GrpcRequest.collect(peer);
        peer.send(new Frame.GoAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR, ""));
        peer.pingBarrier();

        CompletableFuture<String> second = script.unary("2");
        ScriptedPeer next = script.accept();
        GrpcRequest.collect(next);
        next.send(answer(1, "b"));
        assertThat(answerTo(second)).isEqualTo("b");

        peer.send(new Frame.GoAway(1, ErrorCode.NO_ERROR, ""));
        peer.send(answer(1, "a"));
        assertThat(answerTo(first)).isEqualTo("a");
        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aConnectionWithoutCallsClosesWhenTheServerGoesAway() {
        ScriptedPeer peer = script.connected();
        peer.send(new Frame.GoAway(0, ErrorCode.NO_ERROR, ""));

        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
        assertThat(script.channel().state()).isEqualTo(ConnectivityState.IDLE);
    }

    @Test
    void aUnaryCallTheServerNeverSawIsSentAgain() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> seen = script.unary("1");
        CompletableFuture<String> unseen = script.unary("2");
        GrpcRequest.collect(peer);
        GrpcRequest.collect(peer);
        peer.send(new Frame.GoAway(1, ErrorCode.NO_ERROR, ""));

        ScriptedPeer next = script.accept();
        assertThat(GrpcRequest.collect(next).onlyMessage().utf8()).isEqualTo("2");
        next.send(answer(1, "b"));
        assertThat(answerTo(unseen)).isEqualTo("b");
        peer.send(answer(1, "a"));
        assertThat(answerTo(seen)).isEqualTo("a");
    }

    /** It cannot have missed what it answers; sent again, the call would be answered twice. */
    @Test
    void aCallTheServerHasBegunToAnswerIsNotSentAgain() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> disowned = script.unary("1");
        CompletableFuture<String> refused = script.unary("2");
        GrpcRequest.collect(peer);
        GrpcRequest.collect(peer);
        peer.send(GrpcFrames.response(1), GrpcFrames.response(3));
        peer.send(new Frame.RstStream(3, ErrorCode.REFUSED_STREAM), new Frame.GoAway(0, ErrorCode.NO_ERROR, ""));

        assertThat(failureOf(disowned).code()).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(failureOf(refused).code()).isEqualTo(StatusCode.UNAVAILABLE);
        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aStreamTheServerNeverSawIsSaidAgainAndGoesOn() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.CHAT);
        call.request(1);
        call.send("a");
        call.send("b".repeat(20_000));
        peer.expectHeaders(1);
        peer.expectData(1);
        peer.send(new Frame.GoAway(0, ErrorCode.NO_ERROR, ""));

        ScriptedPeer next = script.accept();
        call.send("c");
        call.halfClose();
        assertThat(GrpcRequest.collect(next).messages())
                .extracting(message -> message.payload().length())
                .containsExactly(1, 20_000, 1);
        next.send(answer(1, "ho"));
        assertThat(List.of(call.next(), call.next(), call.next())).containsExactly("headers", "message ho", "OK");
    }

    @Test
    void aStreamThatIsSaidAgainIsStillCompressed() {
        script.channel(builder -> builder.compression("gzip"));
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.CHAT);
        call.send("a".repeat(20_000));
        call.halfClose();
        GrpcMessage first = GrpcRequest.collect(peer).messages().get(0);
        assertThat(first.compressed()).isTrue();
        peer.send(new Frame.GoAway(0, ErrorCode.NO_ERROR, ""));

        assertThat(GrpcRequest.collect(script.accept()).messages()).containsExactly(first);
    }

    /** Wherever the writer is when the news comes: nothing is lost, said twice or out of order. */
    @Test
    void aWriterDoesNotNoticeThatItsStreamIsSaidAgain() {
        ScriptedPeer peer = script.connected();
        List<String> said = IntStream.range(0, 1000).mapToObj(Integer::toString).toList();
        for (int round = 0; round < 20; round++) {
            HeardCall call = script.start(Texts.UPLOAD);
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                said.forEach(call::send);
                call.halfClose();
            });
            int id = round == 0 ? 1 : 3;
            peer.expectHeaders(id);
            peer.send(new Frame.GoAway(id == 1 ? 0 : 1, ErrorCode.NO_ERROR, ""));

            peer = script.accept();
            assertThat(GrpcRequest.collect(peer).messages())
                    .extracting(message -> message.payload().utf8())
                    .isEqualTo(said);
            peer.send(answer(1, "ho"));
            assertThat(List.of(call.next(), call.next(), call.next())).containsExactly("headers", "message ho", "OK");
            answerTo(writer);
        }
    }

    @Test
    void anUploadTheServerNeverSawIsSaidAgain() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.UPLOAD);
        call.send("a");
        call.halfClose();
        GrpcRequest.collect(peer);
        peer.send(new Frame.GoAway(0, ErrorCode.NO_ERROR, ""));

        ScriptedPeer next = script.accept();
        assertThat(GrpcRequest.collect(next).onlyMessage().utf8()).isEqualTo("a");
        next.send(answer(1, "ho"));
        assertThat(List.of(call.next(), call.next(), call.next())).containsExactly("headers", "message ho", "OK");
    }

    @Test
    void aStreamTheServerHasBegunToAnswerIsNotSaidAgain() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.CHAT);
        call.send("a");
        peer.expectHeaders(1);
        peer.expectData(1);
        peer.send(GrpcFrames.response(1), new Frame.GoAway(0, ErrorCode.NO_ERROR, ""));

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("UNAVAILABLE: the server asked us to go elsewhere");
        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void theTextOfAGoAwayThatIsAnErrorReachesTheCaller() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.CHAT);
        peer.expectHeaders(1);
        peer.send(GrpcFrames.response(1), new Frame.GoAway(0, ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings"));

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).startsWith("UNAVAILABLE: ").contains("ENHANCE_YOUR_CALM", "too_many_pings");
    }

    @Test
    void aCallThatASecondServerSendsAwayFails() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        peer.send(new Frame.GoAway(0, ErrorCode.NO_ERROR, ""));
        peer = script.accept();
        GrpcRequest.collect(peer);
        peer.send(new Frame.GoAway(0, ErrorCode.NO_ERROR, ""));

        assertThat(failureOf(call).status().toString()).isEqualTo("UNAVAILABLE: the server asked us to go elsewhere");
    }

    @Test
    void cancellingACallThatIsBeingSentAgainEndsIt() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.WATCH);
        call.send("hi");
        call.halfClose();
        GrpcRequest.collect(peer);
        peer.send(new Frame.GoAway(0, ErrorCode.NO_ERROR, ""));
        ScriptedPeer next = script.listener().accept(); // Sent again, and waits for the new connection.
        call.cancel("enough", null);

        assertThat(call.next()).isEqualTo("CANCELLED: enough");
        assertThat(next.handshake().pingBarrier()).isEmpty();
    }
}
