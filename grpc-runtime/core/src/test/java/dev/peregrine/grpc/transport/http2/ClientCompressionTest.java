// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.client.ClientScript.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.ForwardingClientCall;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.codec.GzipEncoding;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.codec.Packing;
import dev.peregrine.grpc.codec.zstd.ZstdEncoding;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcMessage;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed messages as a server sees them: headers, flags and bytes; and what a client makes of the server's. */
@Timeout(60)
class ClientCompressionTest {

    private static final String LONG = "repeat ".repeat(40);
    private static final String VERY_LONG = "repeat ".repeat(20_000);
    private static final CallOptions GZIP = CallOptions.DEFAULT.withCompression("gzip");

    @RegisterExtension
    final ClientScript script = new ClientScript();

    private static Frame.Headers gzipped(int streamId) {
        return GrpcFrames.response(streamId).plus("grpc-encoding", "gzip");
    }

    private static Frame.Data packed(int streamId, String text) {
        return raw(streamId, Packing.gzip(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Frame.Data raw(int streamId, byte[] bytes) {
        return new Frame.Data(streamId, new GrpcMessage(true, Octets.of(bytes)).prefixed(), false);
    }

    /** The text of a message, with an asterisk if it was flagged as compressed. */
    private static String text(GrpcMessage message) {
        if (!message.compressed()) {
            return message.payload().utf8();
        }
        try {
            byte[] text =
                    Packing.decompress(GzipEncoding.DEFAULT, message.payload().toArray());
            return "*" + new String(text, StandardCharsets.UTF_8);
        } catch (IOException corrupt) {
            throw new AssertionError(corrupt);
        }
    }

    // ---- requests ----

    @Test
    void aRequestIsCompressedIfTheCallSaysSo() {
        ScriptedPeer peer = script.connected();
        script.unary(GZIP, LONG);

        GrpcRequest request = GrpcRequest.collect(peer);
        assertThat(request.headers())
                .isEqualTo(Header.list(
                        ":method", "POST",
                        ":scheme", "http",
                        ":path", "/test.Texts/Unary",
                        ":authority", script.listener().authority(),
                        "te", "trailers",
                        "content-type", "application/grpc",
                        "grpc-encoding", "gzip",
                        "grpc-accept-encoding", "identity,gzip",
                        "user-agent", "grpc-java-peregrine/dev"));
        assertThat(request.messages()).map(ClientCompressionTest::text).containsExactly("*" + LONG);
    }

    @Test
    void aRequestThatDoesNotBecomeSmallerGoesOutAsItIs() {
        ScriptedPeer peer = script.connected();
        script.unary(GZIP, "short");

        GrpcRequest request = GrpcRequest.collect(peer);
        assertThat(request.headers()).contains(new Header("grpc-encoding", "gzip"));
        assertThat(request.messages()).map(ClientCompressionTest::text).containsExactly("short");
    }

    @Test
    void aChannelMayCompressByDefaultAndACallMaySayNo() {
        ManagedChannel channel = script.channel(builder -> builder.compression("gzip"));
        channel.connect();
        ScriptedPeer peer = script.accept();

        AsyncClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, LONG);
        GrpcRequest compressed = GrpcRequest.collect(peer);
        assertThat(compressed.messages()).map(ClientCompressionTest::text).containsExactly("*" + LONG);

        AsyncClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT.withCompression("identity"), LONG);
        GrpcRequest plain = GrpcRequest.collect(peer);
        assertThat(plain.messages()).map(ClientCompressionTest::text).containsExactly(LONG);
        assertThat(Header.first(plain.headers(), "grpc-encoding")).isEmpty();
    }

    @Test
    void eachRequestOfAStreamMayBeCompressedOrNot() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.CHAT, GZIP);
        call.send(LONG);
        call.setMessageCompression(false);
        call.send(LONG);
        call.setMessageCompression(true);
        call.send(VERY_LONG);
        call.halfClose();

        assertThat(GrpcRequest.collect(peer).messages())
                .map(ClientCompressionTest::text)
                .containsExactly("*" + LONG, LONG, "*" + VERY_LONG);
    }

    @Test
    void largeRequestsSentOnAnEventLoopAreCompressedElsewhereAndKeepTheirOrder() {
        ScriptedPeer peer = script.connected();
        script.unary("hi")
                .thenAccept(
                        answer -> { // On the event loop.
                            HeardCall call = script.start(Texts.CHAT, GZIP);
                            call.send(VERY_LONG);
                            call.send("short");
                            call.halfClose();
                            script.unary(GZIP, VERY_LONG);
                        });
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));

        assertThat(GrpcRequest.collect(peer).messages())
                .map(ClientCompressionTest::text)
                .containsExactly("*" + VERY_LONG, "short");
        assertThat(GrpcRequest.collect(peer).messages())
                .map(ClientCompressionTest::text)
                .containsExactly("*" + VERY_LONG);
    }

    @Test
    void aRequestThatNobodyHasSeenIsSentAgainCompressed() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary(GZIP, LONG);
        GrpcRequest.collect(peer);

        peer.send(new Frame.RstStream(1, ErrorCode.REFUSED_STREAM));

        GrpcRequest again = GrpcRequest.collect(peer);
        assertThat(again.messages()).map(ClientCompressionTest::text).containsExactly("*" + LONG);
        peer.send(answer(again.streamId(), "ho"));
        assertThat(answerTo(call)).isEqualTo("ho");
    }

    @Test
    void anEncodingThatTheChannelDoesNotHaveIsRefusedWhenTheCallIsMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> script.unary(CallOptions.DEFAULT.withCompression("zstd"), "hi"))
                .withMessageStartingWith("message encoding: 'zstd' (expected one of: identity,gzip;");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManagedChannel.builder("localhost:1")
                        .compression("zstd")
                        .build());
    }

    @Test
    void aChannelOffersWhatItCanRead() {
        script.channel(builder -> builder.encodings(encodings -> encodings.with(ZstdEncoding.DEFAULT)));
        ScriptedPeer peer = script.connected();
        script.unary(CallOptions.DEFAULT.withCompression("zstd"), LONG);

        GrpcRequest request = GrpcRequest.collect(peer);
        assertThat(request.headers())
                .contains(
                        new Header("grpc-encoding", "zstd"), new Header("grpc-accept-encoding", "identity,gzip,zstd"));
        assertThat(request.messages().get(0).compressed()).isTrue();
    }

    @Test
    void aChannelWithoutEncodingsOffersIdentity() {
        script.channel(builder -> builder.encodings(encodings -> MessageEncodings.NONE));
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");

        assertThat(GrpcRequest.collect(peer).headers()).contains(new Header("grpc-accept-encoding", "identity"));
        peer.send(gzipped(1));
        assertThat(failureOf(call).status().code()).isEqualTo(StatusCode.INTERNAL);
    }

    // ---- responses ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 16 << 10, (16 << 10) + 1, 4 << 20})
    void aCompressedResponseIsReadWhateverItsSize(int length) {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);

        peer.send(gzipped(1), packed(1, "x".repeat(length)), GrpcFrames.end(1, 0));

        assertThat(answerTo(call)).hasSize(length);
    }

    @Test
    void aBlockingCallReadsALargeOneToo() {
        ManagedChannel channel = script.channel();
        CompletableFuture<String> response =
                CompletableFuture.supplyAsync(() -> ClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, "hi"));
        ScriptedPeer peer = script.accept();
        GrpcRequest.collect(peer);

        peer.send(gzipped(1), packed(1, VERY_LONG), GrpcFrames.end(1, 0));

        assertThat(answerTo(response)).isEqualTo(VERY_LONG);
    }

    @Test
    void eachResponseOfAStreamSaysWhetherItArrivedCompressed() {
        ScriptedPeer peer = script.connected();
        Noting call = new Noting(script.channel());
        call.request(4);
        GrpcRequest.collect(peer);

        peer.send(gzipped(1), packed(1, LONG), message(1, "plain"), packed(1, VERY_LONG), packed(1, ""));
        peer.send(GrpcFrames.end(1, 0));

        assertThat(answerTo(call.end)).isEqualTo("280* 5 140000* 0* OK");
    }

    @Test
    void aStreamOfLargeResponsesKeepsItsOrderAndItsReaderIsNotFlooded() {
        ScriptedPeer peer = script.connected();
        Noting call = new Noting(script.channel());
        call.request(Integer.MAX_VALUE);
        GrpcRequest.collect(peer);

        StringBuilder expected = new StringBuilder();
        peer.send(gzipped(1));
        for (int i = 1; i <= 30; i++) {
            int length = i % 3 == 0 ? 60_000 + i : i;
            peer.send(packed(1, "x".repeat(length)));
            expected.append(length).append("* ");
        }
        peer.send(GrpcFrames.end(1, 0));

        assertThat(answerTo(call.end)).isEqualTo(expected + "OK");
    }

    @Test
    void largeResponsesAreNotUnpackedOnTheEventLoop() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> small =
                script.unary("hi").thenApply(answer -> Thread.currentThread().getName());
        CompletableFuture<String> large =
                script.unary("hi").thenApply(answer -> Thread.currentThread().getName());
        GrpcRequest.collect(peer);
        GrpcRequest.collect(peer);

        peer.send(gzipped(1), packed(1, LONG), GrpcFrames.end(1, 0));
        peer.send(gzipped(3), packed(3, VERY_LONG), GrpcFrames.end(3, 0));

        assertThat(answerTo(small)).startsWith("grpc-loop-");
        assertThat(answerTo(large)).startsWith("grpc-codec-");
    }

    // ---- responses that are refused ----

    private StatusException answered(Frame... frames) {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        peer.send(frames);
        return failureOf(call);
    }

    @Test
    void aCompressedResponseOfTheIdentityEncodingIsInternal() {
        StatusException failure = answered(GrpcFrames.response(1).plus("grpc-encoding", "identity"), packed(1, LONG));

        assertThat(failure.status().toString()).startsWith("INTERNAL: a response was flagged as compressed, but");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 30_000})
    void aCorruptResponseIsInternal(int length) {
        byte[] bytes = Packing.gzip(Packing.text(length));
        bytes[bytes.length - 6]++;

        StatusException failure = answered(gzipped(1), raw(1, bytes), GrpcFrames.end(1, 0));

        assertThat(failure.status().toString())
                .startsWith("INTERNAL: a message of " + bytes.length
                        + " bytes cannot be unpacked by gzip: the checksum is wrong");
    }

    @Test
    void aResponseThatIsCutShortIsInternal() {
        byte[] whole = Packing.gzip(Packing.text(100));

        StatusException failure =
                answered(gzipped(1), raw(1, Arrays.copyOf(whole, whole.length / 2)), GrpcFrames.end(1, 0));

        assertThat(failure.status().toString()).contains("INTERNAL").contains("cut short in its data");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 100_000})
    void aResponseThatUnpacksToMoreThanTheLimitIsResourceExhausted(int limit) {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withMaxMessageSize(limit)));

        StatusException failure = answered(gzipped(1), packed(1, "x".repeat(limit + 1)), GrpcFrames.end(1, 0));

        assertThat(failure.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(failure.status().description()).contains("unpacks to more than the allowed " + limit);
    }

    @Test
    void aStreamOfSmallBombsIsResourceExhausted() {
        script.channel(builder ->
                builder.limits(Limits.DEFAULT.withMaxMessageSize(100_000).withMaxCompressionRatio(100)));
        ScriptedPeer peer = script.connected();
        Noting call = new Noting(script.channel());
        call.request(Integer.MAX_VALUE);
        GrpcRequest.collect(peer);
        Frame.Data bomb = packed(1, "x".repeat(100_000));

        peer.send(gzipped(1), bomb, bomb, bomb);

        assertThat(answerTo(call.end)).startsWith("100000* RESOURCE_EXHAUSTED").contains("100 times");
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void aCallThatIsCancelledWhileItsResponsesAreUnpackedEndsAtOnce() {
        ScriptedPeer peer = script.connected();
        Noting call = new Noting(script.channel());
        call.request(Integer.MAX_VALUE);
        GrpcRequest.collect(peer);

        peer.send(gzipped(1));
        for (int i = 0; i < 20; i++) {
            peer.send(raw(1, Packing.gzip(Packing.text(30_000))));
        }
        call.cancel("enough", null);

        assertThat(answerTo(call.end)).endsWith("CANCELLED: enough");
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    /** A call of a stream of answers that notes the length of each, an asterisk if it was compressed, and the end. */
    private static final class Noting extends ForwardingClientCall<String, String>
            implements ClientCall.Listener<String> {

        final CompletableFuture<String> end = new CompletableFuture<>();
        private final StringBuilder notes = new StringBuilder();

        Noting(ManagedChannel channel) {
            super(channel.newCall(Texts.WATCH, CallOptions.DEFAULT));
            start(this, Metadata.EMPTY);
            send("hi");
            halfClose();
        }

        @Override
        public void onMessage(String response) {
            notes.append(response.length()).append(isResponseCompressed() ? "* " : " ");
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(notes + status.toString());
        }
    }
}
