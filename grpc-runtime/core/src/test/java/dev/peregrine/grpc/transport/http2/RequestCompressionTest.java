// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.GzippedTexts.packed;
import static dev.peregrine.grpc.transport.http2.GzippedTexts.raw;
import static dev.peregrine.grpc.transport.http2.GzippedTexts.texts;
import static dev.peregrine.grpc.transport.http2.TextsServer.CHAT;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.codec.Packing;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcMessage;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed requests, as a client sends them: headers, flags and bytes. */
@Timeout(60)
class RequestCompressionTest {

    private static final String LONG = "repeat ".repeat(40);
    private static final String VERY_LONG = "repeat ".repeat(20_000);

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private static Frame.Headers request(int streamId, String path) {
        return GrpcFrames.request(streamId, path).plus("grpc-encoding", "gzip");
    }

    /** As {@link GzippedTexts#raw}, in frames no larger than a peer may send. */
    private static Frame[] framed(int streamId, byte[] bytes, boolean last) {
        Octets message = new GrpcMessage(true, Octets.of(bytes)).prefixed();
        List<Frame> frames = new ArrayList<>();
        for (int start = 0; start < message.length(); start += 16_384) {
            int end = Math.min(message.length(), start + 16_384);
            frames.add(new Frame.Data(streamId, message.slice(start, end), last && end == message.length()));
        }
        return frames.toArray(Frame[]::new);
    }

    private static void expectFailed(ScriptedPeer peer, StatusCode code, String text) {
        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.status()).isEqualTo(code.value());
        assertThat(response.statusMessage())
                .hasValueSatisfying(said -> assertThat(said).contains(text));
    }

    /** Both modes must behave alike, on a thread of their own and on the event loop. */
    private void serve(boolean nonBlocking) {
        if (nonBlocking) {
            server.nonBlocking();
        }
    }

    // ---- requests that are read ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCompressedRequestIsReadWhateverItsSize(boolean nonBlocking) {
        serve(nonBlocking);
        ScriptedPeer peer = server.unary(
                        text -> text.length() + " " + CallContext.current().isRequestCompressed())
                .greet();

        int stream = 1;
        for (int length : new int[] {0, 1, 1_000, 16 << 10, (16 << 10) + 1, 100_000, 4 << 20}) {
            peer.send(request(stream, UNARY), packed(stream, "x".repeat(length), true));
            assertThat(texts(GrpcResponse.collect(peer, stream))).containsExactly(length + " true");
            stream += 2;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPlainRequestOfACallThatCompressesIsReadToo(boolean nonBlocking) {
        serve(nonBlocking);
        ScriptedPeer peer = server.unary(text -> text + CallContext.current().isRequestCompressed())
                .greet();

        peer.send(request(1, UNARY), lastText(1, "hi "));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("hi false");
    }

    @Test
    void eachRequestOfAStreamSaysWhetherItArrivedCompressed() {
        ScriptedPeer peer = server.upload(texts -> {
                    StringBuilder seen = new StringBuilder();
                    texts.forEach(text -> seen.append(text.length())
                            .append(CallContext.current().isRequestCompressed() ? "* " : " "));
                    return seen.toString();
                })
                .greet();

        peer.send(request(1, UPLOAD), packed(1, "abc", false), TextsServer.text(1, "de"));
        peer.send(packed(1, VERY_LONG, false), packed(1, "", true));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("3* 2 140000* 0* ");
    }

    @Test
    void requestsOfAHandlerOnTheEventLoopKeepTheirOrder() {
        ScriptedPeer peer = onEventLoop(call -> {
                    call.request(Integer.MAX_VALUE);
                    StringBuilder seen = new StringBuilder();
                    return new ServerCall.Listener<>() {
                        @Override
                        public void onMessage(String text) {
                            seen.append(text.length()).append(' ');
                        }

                        @Override
                        public void onHalfClose() {
                            call.send(seen.toString());
                            call.close(Status.OK, Metadata.EMPTY);
                        }
                    };
                })
                .greet();

        peer.send(request(1, CHAT));
        for (int i = 1; i <= 20; i++) {
            peer.send(packed(1, "x".repeat(i % 4 == 0 ? 50_000 + i : i), i == 20));
        }

        assertThat(texts(GrpcResponse.collect(peer, 1)))
                .containsExactly("1 2 3 50004 5 6 7 50008 9 10 11 50012 13 14 15 50016 17 18 19 50020 ");
    }

    @Test
    void largeRequestsAreNotUnpackedOnTheEventLoop() {
        ScriptedPeer peer = server.nonBlocking()
                .unary(text -> Thread.currentThread().getName().replaceAll("\\d", ""))
                .greet();

        peer.send(request(1, UNARY), packed(1, LONG, true));
        peer.send(request(3, UNARY), packed(3, VERY_LONG, true));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("grpc-loop-");
        assertThat(texts(GrpcResponse.collect(peer, 3))).containsExactly("grpc-codec-");
    }

    // ---- requests that are refused ----

    @Test
    void aCompressedRequestWithoutAnEncodingIsInternal() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), packed(1, "hi", true));

        expectFailed(peer, StatusCode.INTERNAL, "flagged as compressed, but the call announced no message encoding");
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void aCompressedRequestOfTheIdentityEncodingIsInternal() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).plus("grpc-encoding", "identity"), packed(1, "hi", true));

        expectFailed(peer, StatusCode.INTERNAL, "flagged as compressed, but the call announced no message encoding");
    }

    @Test
    void aServerWithoutEncodingsKnowsOnlyIdentity() {
        server.builder().encodings(encodings -> MessageEncodings.NONE);
        ScriptedPeer peer = server.greet();

        peer.send(request(1, UNARY), packed(1, "hi", true));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.status()).isEqualTo(StatusCode.UNIMPLEMENTED.value());
        assertThat(response.trailers()).contains(new Header("grpc-accept-encoding", "identity"));
    }

    @ParameterizedTest
    @CsvSource({"true, 10", "true, 100000", "false, 10", "false, 100000"})
    void aCorruptRequestIsInternal(boolean nonBlocking, int length) {
        serve(nonBlocking);
        ScriptedPeer peer = server.greet();
        byte[] bytes = Packing.gzip(Packing.text(length));
        bytes[bytes.length - 6]++;

        peer.send(request(1, UNARY)).send(framed(1, bytes, true));

        expectFailed(peer, StatusCode.INTERNAL, "cannot be unpacked by gzip: the checksum is wrong");
        expectNextCallAnswered(peer, 3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestThatIsCutShortIsInternal(boolean nonBlocking) {
        serve(nonBlocking);
        ScriptedPeer peer = server.greet();
        byte[] whole = Packing.gzip(Packing.text(100));

        peer.send(request(1, UNARY), raw(1, Arrays.copyOf(whole, whole.length / 2), true));

        expectFailed(peer, StatusCode.INTERNAL, "cut short in its data");
    }

    @ParameterizedTest
    @CsvSource({"true, 1000", "true, 100000", "false, 1000", "false, 100000"})
    void aRequestThatUnpacksToMoreThanTheLimitIsResourceExhausted(boolean nonBlocking, int limit) {
        serve(nonBlocking);
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxMessageSize(limit)).greet();

        peer.send(request(1, UNARY), packed(1, "x".repeat(limit + 1), true));
        expectFailed(peer, StatusCode.RESOURCE_EXHAUSTED, "unpacks to more than the allowed " + limit);

        peer.send(request(3, UNARY), packed(3, "x".repeat(limit), true));
        assertThat(GrpcResponse.collect(peer, 3).status()).isZero();
    }

    @Test
    void aStreamOfSmallBombsIsResourceExhausted() {
        ScriptedPeer peer = server.limits(
                        limits -> limits.withMaxMessageSize(100_000).withMaxCompressionRatio(100))
                .greet();
        Frame.Data bomb = packed(1, "x".repeat(100_000), false);

        peer.send(request(1, UPLOAD), bomb, bomb, bomb);

        expectFailed(peer, StatusCode.RESOURCE_EXHAUSTED, "more than the allowed 100 times what was received");
        expectNextCallAnswered(peer, 3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCallThatIsCancelledWhileItsRequestsAreUnpackedEndsAlone(boolean nonBlocking) {
        CompletableFuture<String> heard = new CompletableFuture<>();
        ScriptedPeer peer = (nonBlocking
                        ? onEventLoop(call -> {
                            call.request(Integer.MAX_VALUE);
                            return new ServerCall.Listener<>() {
                                @Override
                                public void onCancel(Status reason) {
                                    heard.complete(reason.code().name());
                                }
                            };
                        })
                        : server.chat((texts, out) -> {
                            try {
                                texts.forEach(text -> {});
                            } catch (StatusException cancelled) {
                                heard.complete(cancelled.status().code().name());
                                throw cancelled;
                            }
                        }))
                .greet();

        peer.send(request(1, CHAT));
        for (int i = 0; i < 10; i++) {
            peer.send(framed(1, Packing.gzip(Packing.text(200_000)), false));
        }
        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        assertThat(heard).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo("CANCELLED");
        assertThat(peer.pingBarrier()).allMatch(frame -> frame instanceof Frame.WindowUpdate);
    }

    /** Chat, by a handler that runs on the event loop. */
    private TextsServer onEventLoop(ServerHandler<String, String> handler) {
        return server.only(Texts.CHAT, ExecutionMode.EVENT_LOOP, handler);
    }
}
