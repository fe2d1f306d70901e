// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.GzippedTexts.packed;
import static dev.peregrine.grpc.transport.http2.GzippedTexts.texts;
import static dev.peregrine.grpc.transport.http2.TextsServer.CHAT;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.WATCH;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed responses, as a client sees them: headers, flags and bytes. */
@Timeout(60)
class ResponseCompressionTest {

    private static final String LONG = "repeat ".repeat(40);
    private static final String VERY_LONG = "repeat ".repeat(20_000);

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private static Frame.Headers readsGzip(int streamId, String path) {
        return GrpcFrames.request(streamId, path).plus("grpc-accept-encoding", "identity,gzip");
    }

    /** Both modes must behave alike, on a thread of their own and on the event loop. */
    private void serve(boolean nonBlocking) {
        if (nonBlocking) {
            server.nonBlocking();
        }
    }

    @Test
    void nothingIsCompressedUnlessSomebodyAsksForIt() {
        ScriptedPeer peer = server.unary(text -> LONG).greet();

        peer.send(readsGzip(1, UNARY), lastText(1, "hi"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.headers())
                .isEqualTo(Header.list(
                        ":status", "200",
                        "content-type", "application/grpc",
                        "grpc-accept-encoding", "identity,gzip"));
        assertThat(texts(response)).containsExactly(LONG);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServiceCompressesItsResponse(boolean nonBlocking) {
        serve(nonBlocking);
        ScriptedPeer peer = server.unary(text -> {
                    assertThat(CallContext.current().setResponseCompression("gzip"))
                            .isTrue();
                    return text.equals("long") ? LONG : VERY_LONG;
                })
                .greet();

        peer.send(readsGzip(1, UNARY), lastText(1, "long"));
        peer.send(readsGzip(3, UNARY), lastText(3, "very long"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.headers())
                .isEqualTo(Header.list(
                        ":status", "200",
                        "content-type", "application/grpc",
                        "grpc-encoding", "gzip",
                        "grpc-accept-encoding", "identity,gzip"));
        assertThat(texts(response)).containsExactly("*" + LONG);
        assertThat(texts(GrpcResponse.collect(peer, 3))).containsExactly("*" + VERY_LONG);
    }

    @Test
    void aCallerThatDoesNotReadTheEncodingGetsPlainResponses() {
        ScriptedPeer peer = server.unary(text -> {
                    assertThat(CallContext.current().setResponseCompression("gzip"))
                            .isFalse();
                    return LONG;
                })
                .greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        peer.send(GrpcFrames.request(3, UNARY).plus("grpc-accept-encoding", "identity,zstd"), lastText(3, "hi"));

        GrpcResponse silent = GrpcResponse.collect(peer, 1);
        assertThat(texts(silent)).containsExactly(LONG);
        assertThat(silent.headers()).doesNotContain(new Header("grpc-encoding", "gzip"));
        GrpcResponse other = GrpcResponse.collect(peer, 3);
        assertThat(texts(other)).containsExactly(LONG);
        assertThat(other.headers()).doesNotContain(new Header("grpc-encoding", "gzip"));
    }

    @Test
    void aServerMayCompressByDefaultAndACallMaySayNo() {
        server.builder().compression("gzip");
        ScriptedPeer peer = server.unary(text -> {
                    if (text.equals("no")) {
                        assertThat(CallContext.current().setResponseCompression("identity"))
                                .isTrue();
                    }
                    return LONG;
                })
                .greet();

        peer.send(readsGzip(1, UNARY), lastText(1, "yes"));
        peer.send(readsGzip(3, UNARY), lastText(3, "no"));
        peer.send(GrpcFrames.request(5, UNARY), lastText(5, "cannot"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("*" + LONG);
        assertThat(texts(GrpcResponse.collect(peer, 3))).containsExactly(LONG);
        assertThat(texts(GrpcResponse.collect(peer, 5))).containsExactly(LONG);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachResponseOfAStreamMayBeCompressedOrNot(boolean nonBlocking) {
        ScriptedPeer peer = (nonBlocking
                        ? onEventLoop(this::answerVariously)
                        : server.watch((text, out) -> {
                            CallContext call = CallContext.current();
                            call.setResponseCompression("gzip");
                            out.write(LONG);
                            call.setMessageCompression(false);
                            out.write(LONG);
                            call.setMessageCompression(true);
                            out.write(VERY_LONG);
                            out.write("short");
                            out.write(LONG);
                        }))
                .greet();

        peer.send(readsGzip(1, nonBlocking ? CHAT : WATCH), lastText(1, "all"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(texts(response)).containsExactly("*" + LONG, LONG, "*" + VERY_LONG, "short", "*" + LONG);
        assertThat(response.status()).isZero();
    }

    private ServerCall.Listener<String> answerVariously(ServerCall<String, String> call) {
        call.context().setResponseCompression("gzip");
        call.send(LONG);
        call.context().setMessageCompression(false);
        call.send(LONG);
        call.context().setMessageCompression(true);
        call.send(VERY_LONG); // On its way to another thread: what follows must wait for it.
        call.send("short");
        call.send(LONG);
        call.close(Status.OK, Metadata.EMPTY);
        return new ServerCall.Listener<>() {};
    }

    @Test
    void aHandlerOnTheEventLoopHearsWhenLargeResponsesAreOnTheirWay() {
        ScriptedPeer peer = onEventLoop(call -> {
                    call.context().setResponseCompression("gzip");
                    call.send(VERY_LONG);
                    return new ServerCall.Listener<>() {
                        private int sent = 1;

                        @Override
                        public void onReady() {
                            while (sent < 4 && call.isReady()) {
                                sent++;
                                call.send(VERY_LONG);
                            }
                            if (sent == 4 && call.isReady()) {
                                sent++;
                                call.close(Status.OK, Metadata.EMPTY);
                            }
                        }
                    };
                })
                .greet();

        peer.send(readsGzip(1, CHAT), GrpcFrames.endOfMessages(1));

        assertThat(texts(GrpcResponse.collect(peer, 1)))
                .containsExactly("*" + VERY_LONG, "*" + VERY_LONG, "*" + VERY_LONG, "*" + VERY_LONG);
    }

    @Test
    void aResponseThatDoesNotBecomeSmallerGoesOutAsItIs() {
        String short64 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/";
        ScriptedPeer peer = server.unary(text -> {
                    CallContext.current().setResponseCompression("gzip");
                    return short64;
                })
                .greet();

        peer.send(readsGzip(1, UNARY), lastText(1, "hi"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.headers()).contains(new Header("grpc-encoding", "gzip"));
        assertThat(texts(response)).containsExactly(short64);
    }

    @Test
    void requestAndResponseNeedNotBeCompressedAlike() {
        ScriptedPeer peer = server.unary(text -> LONG).greet();

        peer.send(readsGzip(1, UNARY).plus("grpc-encoding", "gzip"), packed(1, LONG, true));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly(LONG);
    }

    @Test
    void theEncodingIsChosenBeforeTheHeadersAndAmongThoseThereAre() {
        CompletableFuture<Void> checked = new CompletableFuture<>();
        ScriptedPeer peer = server.watch((text, out) -> {
                    CallContext call = CallContext.current();
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> call.setResponseCompression("zstd"))
                            .withMessageStartingWith("message encoding: 'zstd' (expected one of: identity,gzip;");
                    out.write("a");
                    assertThatIllegalStateException()
                            .isThrownBy(() -> call.setResponseCompression("gzip"))
                            .withMessage("the response headers of test.Texts/Watch are sent;"
                                    + " choose the encoding before the first response");
                    checked.complete(null);
                })
                .greet();

        peer.send(readsGzip(1, WATCH), lastText(1, "hi"));

        assertThat(GrpcResponse.collect(peer, 1).status()).isZero();
        assertThat(checked).isCompleted();
    }

    @Test
    void anErrorBehindALargeResponseComesBehindIt() {
        ScriptedPeer peer = onEventLoop(call -> {
                    call.context().setResponseCompression("gzip");
                    call.send(VERY_LONG);
                    throw new StatusException(StatusCode.DATA_LOSS, "no more");
                })
                .greet();

        peer.send(readsGzip(1, CHAT), lastText(1, "hi"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(texts(response)).containsExactly("*" + VERY_LONG);
        assertThat(response.status()).isEqualTo(StatusCode.DATA_LOSS.value());
    }

    @Test
    void aCallThatIsCancelledWhileItsResponsesAreCompressedEndsAlone() {
        CompletableFuture<String> heard = new CompletableFuture<>();
        ScriptedPeer peer = onEventLoop(call -> {
                    call.context().setResponseCompression("gzip");
                    for (int i = 0; i < 20; i++) {
                        call.send(VERY_LONG);
                    }
                    return new ServerCall.Listener<>() {
                        @Override
                        public void onCancel(Status reason) {
                            heard.complete(reason.code().name());
                        }
                    };
                })
                .greet();

        peer.send(readsGzip(1, CHAT), new Frame.RstStream(1, ErrorCode.CANCEL));

        assertThat(heard).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo("CANCELLED");
        peer.send(GrpcFrames.request(3, CHAT), new Frame.RstStream(3, ErrorCode.CANCEL));
        peer.pingBarrier();
    }

    /** Chat, by a handler that runs on the event loop. */
    private TextsServer onEventLoop(ServerHandler<String, String> handler) {
        return server.only(Texts.CHAT, ExecutionMode.EVENT_LOOP, handler);
    }
}
