// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.CHAT;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcMessage;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that fail by what is wrong with their messages or their handler: trailers, and the next call is answered. */
@Timeout(60)
class ServerFailedCallsTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    @ParameterizedTest
    @ValueSource(strings = {"/test.Texts/Nothing", "/test.Nobody/Unary", "/", "//", "/test.Texts/unary", "/test.Texts"})
    void anUnknownMethodIsUnimplemented(String path) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, path), lastText(1, "hi"));

        assertThat(peer.expectHeaders(1))
                .isEqualTo(new Frame.Headers(
                        1,
                        Header.list(
                                ":status", "200",
                                "content-type", "application/grpc",
                                "grpc-status", "12",
                                "grpc-message", "no method " + path + " on this server"),
                        true));
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    /** PROTOCOL-HTTP2.md, compression.md: UNIMPLEMENTED, and what is supported beside it. */
    @Test
    void anUnknownEncodingIsUnimplementedAndToldWhatIsKnown() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).plus("grpc-encoding", "snappy"), lastText(1, "hi"));

        assertThat(peer.expectHeaders(1).headers())
                .isEqualTo(Header.list(
                        ":status", "200",
                        "content-type", "application/grpc",
                        "grpc-accept-encoding", "identity,gzip",
                        "grpc-status", "12",
                        "grpc-message", "message encoding 'snappy' is not supported (supported: identity,gzip)"));
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void theIdentityEncodingIsNoEncoding() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).plus("grpc-encoding", "identity"), lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    static Stream<Octets> truncated() {
        Octets whole = text(1, "hi").payload();
        return Stream.of(whole.slice(0, 1), whole.slice(0, 4), whole.slice(0, 5), whole.slice(0, 6));
    }

    @ParameterizedTest
    @MethodSource("truncated")
    void aTruncatedRequestIsInternal(Octets part) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), new Frame.Data(1, part, true));

        expectFailed(peer, StatusCode.INTERNAL, "in the middle of a message");
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    /** Refused on sight of the prefix: what it announces is neither awaited nor buffered. */
    @Test
    void aRequestOverTheLimitIsRefusedBeforeItArrives() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxMessageSize(100)).greet();

        peer.send(GrpcFrames.request(1, UNARY), new Frame.Data(1, Octets.hex("00 00 00 00 65"), false));

        expectFailed(peer, StatusCode.RESOURCE_EXHAUSTED, "101 bytes is larger than the allowed 100");
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        peer.send(new Frame.Data(1, Octets.zeros(101), true));
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void aRequestUpToTheLimitIsTaken() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxMessageSize(100)).greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "x".repeat(100)));

        assertThat(GrpcResponse.collect(peer, 1).status()).isZero();
    }

    @Test
    void aCompressedRequestWithoutAnEncodingIsInternal() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UNARY),
                new Frame.Data(1, new GrpcMessage(true, Octets.utf8("hi")).prefixed(), true));

        expectFailed(peer, StatusCode.INTERNAL, "compressed");
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void aFlagThatIsNeitherZeroNorOneIsInternal() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), new Frame.Data(1, Octets.hex("02 00 00 00 00"), true));

        expectFailed(peer, StatusCode.INTERNAL, "0x2");
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void aRequestThatCannotBeDecodedIsInternal() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, Texts.BROKEN));

        expectFailed(peer, StatusCode.INTERNAL, "a request of 6 bytes for test.Texts/Unary cannot be decoded");
        expectNextCallAnswered(peer, 3);
    }

    /** The handler that reads hears of it too. */
    @Test
    void aRequestOfAStreamThatCannotBeDecodedEndsTheCall() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, CHAT), text(1, "good"));
        peer.expectHeaders(1);
        assertThat(peer.expectData(1)).isEqualTo(text(1, "re: good"));
        peer.send(text(1, Texts.BROKEN));

        assertThat(peer.expectHeaders(1).first("grpc-status")).contains("13");
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        peer.send(text(1, "under way"));
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    /** statuscodes.md: a violation of cardinality is UNIMPLEMENTED. */
    @Test
    void aSecondRequestWhereOneIsDueIsUnimplemented() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), text(1, "one"), text(1, "two"));

        expectFailed(peer, StatusCode.UNIMPLEMENTED, "takes one request, more than one came");
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void noRequestWhereOneIsDueIsUnimplemented() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).andEndStream());

        expectFailed(peer, StatusCode.UNIMPLEMENTED, "takes one request, none came");
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void whatAHandlerThrowsStaysHere() {
        server.unary(text -> {
            if (text.equals("next")) {
                return "re: next";
            }
            throw new IllegalStateException("the password is 1234");
        });
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.isTrailersOnly()).isTrue();
        assertThat(response.trailers().subList(2, response.trailers().size()).toString())
                .matches("\\[grpc-status: 2, grpc-message: the service failed to answer \\(failure \\p{XDigit}+\\)]");
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void anErrorOfTheJvmInAHandlerIsAnsweredToo() {
        ScriptedPeer peer = server.unary(text -> {
                    if (text.equals("next")) {
                        return "re: next";
                    }
                    throw new StackOverflowError("too deep");
                })
                .greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));

        expectFailed(peer, StatusCode.UNKNOWN, "the service failed to answer");
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void aHandlerThatReturnsNothingHasFailed() {
        ScriptedPeer peer =
                server.unary(text -> text.equals("next") ? "re: next" : null).greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));

        expectFailed(peer, StatusCode.UNKNOWN, "the service failed to answer");
        expectNextCallAnswered(peer, 3);
    }

    /** A call that waits for its next message while it is refused. */
    @Test
    void anUnlawfulMessageCancelsTheHandlerThatWaits() {
        server.upload(texts -> {
            texts.read();
            return sleeper.sleep("while the peer breaks the law");
        });
        ScriptedPeer peer = server.greet();
        peer.send(GrpcFrames.request(1, TextsServer.UPLOAD), text(1, "good"));
        sleeper.expectAsleep();

        peer.send(new Frame.Data(1, Octets.hex("00 00 00 00 09 61"), true)); // Ends behind 1 of 9 octets.

        expectFailed(peer, StatusCode.INTERNAL, "in the middle of a message");
        sleeper.expectInterrupted();
        assertThat(sleeper.expectCancelled().code()).isEqualTo(StatusCode.INTERNAL);
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void aRefusedMessageOfAStreamCancelsTheCall() {
        CompletableFuture<StatusCode> reason = new CompletableFuture<>();
        server.upload(texts -> {
            CallContext call = CallContext.current();
            call.cancellation()
                    .onCancel(() -> reason.complete(call.cancellation().reason().code()));
            texts.read();
            return texts.read();
        });
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, TextsServer.UPLOAD),
                text(1, "good"),
                new Frame.Data(1, new GrpcMessage(true, Octets.utf8("squeezed")).prefixed(), false));

        expectFailed(peer, StatusCode.INTERNAL, "compressed");
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        assertThat(reason.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(StatusCode.INTERNAL);
        expectNextCallAnswered(peer, 3);
    }

    private static void expectFailed(ScriptedPeer peer, StatusCode code, String text) {
        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.isTrailersOnly()).isTrue();
        assertThat(response.status()).isEqualTo(code.value());
        assertThat(response.statusMessage().orElse("")).contains(text);
    }
}
