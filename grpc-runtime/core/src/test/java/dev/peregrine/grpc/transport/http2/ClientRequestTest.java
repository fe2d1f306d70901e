// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import dev.peregrine.grpc.transport.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client says: preface, headers, messages, end. */
@Timeout(30)
class ClientRequestTest {

    @RegisterExtension
    final ClientScript script = new ClientScript();

    @Test
    void aConnectionBeginsWithOurSettingsAndTheRestOfOurWindow() {
        ScriptedPeer peer = script.connected();

        assertThat(peer.theirSettings().values())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        Setting.ENABLE_PUSH,
                        0L,
                        Setting.MAX_CONCURRENT_STREAMS,
                        0L,
                        Setting.INITIAL_WINDOW_SIZE,
                        (long) Limits.DEFAULT.streamWindow(),
                        Setting.MAX_HEADER_LIST_SIZE,
                        (long) Limits.DEFAULT.maxMetadataSize()));
        assertThat(peer.expectWindowUpdate(0).increment()).isEqualTo(Limits.DEFAULT.connectionWindow() - 65_535);
    }

    @Test
    void theSmallestConnectionWindowNeedsNoUpdate() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWindows(65_535, 65_535)));
        ScriptedPeer peer = script.connected();

        assertThat(peer.pingBarrier(Frame.WindowUpdate.class)).isEmpty();
    }

    @Test
    void aUnaryRequestIsHeadersAndOneMessageThatEndsTheStream() {
        ScriptedPeer peer = script.connected();
        var call = script.unary("hi");

        Frame.Headers headers = peer.expectHeaders(1);
        assertThat(headers.headers())
                .isEqualTo(Header.list(
                        ":method", "POST",
                        ":scheme", "http",
                        ":path", "/test.Texts/Unary",
                        ":authority", script.listener().authority(),
                        "te", "trailers",
                        "content-type", "application/grpc",
                        "grpc-accept-encoding", "identity,gzip",
                        "user-agent", "grpc-java-peregrine/dev"));
        assertThat(headers.endStream()).isFalse();
        assertThat(peer.expectData(1)).isEqualTo(new Frame.Data(1, Octets.hex("00 00 00 00 02 68 69"), true));

        peer.send(answer(1, "ho"));
        assertThat(answerTo(call)).isEqualTo("ho");
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void anEmptyMessageIsItsPrefixAlone() {
        ScriptedPeer peer = script.connected();
        script.unary("");

        peer.expectHeaders(1);
        assertThat(peer.expectData(1)).isEqualTo(new Frame.Data(1, Octets.zeros(5), true));
    }

    @Test
    void theSecondCallOpensTheNextOddStreamOfTheSameConnection() {
        ScriptedPeer peer = script.connected();

        script.unary("a");
        assertThat(GrpcRequest.collect(peer).streamId()).isEqualTo(1);
        script.unary("b");
        assertThat(GrpcRequest.collect(peer).streamId()).isEqualTo(3);
    }

    @Test
    void theTimeoutStandsBehindThePseudoHeadersAndIsNeverLongerThanAsked() {
        ScriptedPeer peer = script.connected();
        script.unary(CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(20)), "hi");

        Header fifth = peer.expectHeaders(1).headers().get(4);
        assertThat(fifth.name()).isEqualTo("grpc-timeout");
        assertThat(fifth.value()).matches("[1-9][0-9]{0,7}u");
        assertThat(Integer.parseInt(fifth.value().replace("u", "")))
                .isLessThanOrEqualTo(20_000_000)
                .isGreaterThan(0);
    }

    @Test
    void theEarlierOfDeadlineAndTimeoutTravels() {
        ScriptedPeer peer = script.connected();
        script.unary(
                CallOptions.DEFAULT.withTimeout(Duration.ofDays(2)).withDeadline(Deadline.after(Duration.ofDays(400))),
                "hi");

        assertThat(peer.expectHeaders(1).first("grpc-timeout"))
                .hasValueSatisfying(value -> assertThat(value).matches("1727[0-9]{2}S"));
    }

    @Test
    void metadataFollowsTheProtocolsOwnHeadersInTheOrderItWasGiven() {
        ScriptedPeer peer = script.connected();
        Metadata metadata = Metadata.builder()
                .add(MetadataKey.ascii("x-a"), "1")
                .add(MetadataKey.binary("x-b-bin"), new byte[] {(byte) 0xab, (byte) 0xab, (byte) 0xab, 0})
                .add(MetadataKey.ascii("X-A"), "2 , 3")
                .add(MetadataKey.ascii("authorization"), "Bearer t")
                .build();
        script.unary(CallOptions.DEFAULT.withMetadata(metadata), "hi");

        List<Header> headers = peer.expectHeaders(1).headers();
        assertThat(headers.subList(8, headers.size()))
                .isEqualTo(Header.list("x-a", "1", "x-b-bin", "q6urAA", "x-a", "2 , 3", "authorization", "Bearer t"));
    }

    @Test
    void metadataOfTheOptionsComesBeforeThatOfTheStart() {
        ScriptedPeer peer = script.connected();
        MetadataKey<String> key = MetadataKey.ascii("k");
        HeardCall call = new HeardCall(
                script.channel().newCall(Texts.CHAT, CallOptions.DEFAULT.withMetadata(Metadata.of(key, "options"))));
        call.start(call, Metadata.of(key, "start"));

        assertThat(peer.expectHeaders(1).headers()).endsWith(new Header("k", "options"), new Header("k", "start"));
    }

    @Test
    void theProtocolsOwnNamesCannotBeSentAsMetadata() {
        ScriptedPeer peer = script.connected();
        Metadata metadata = Metadata.builder()
                .add(MetadataKey.ascii("te"), "gzip")
                .add(MetadataKey.ascii("content-type"), "text/plain")
                .add(MetadataKey.ascii("grpc-timeout"), "1H")
                .add(MetadataKey.ascii("connection"), "close")
                .add(MetadataKey.ascii("kept"), "yes")
                .build();
        script.unary(CallOptions.DEFAULT.withMetadata(metadata), "hi");

        assertThat(peer.expectHeaders(1).headers()).hasSize(9).endsWith(new Header("kept", "yes"));
    }

    @Test
    void aHeaderBlockLargerThanAFrameGoesOnInContinuations() {
        ScriptedPeer peer = script.connected();
        String value = "~".repeat(40_000); // A character that Huffman coding does not shorten.
        script.unary(CallOptions.DEFAULT.withMetadata(Metadata.of(MetadataKey.ascii("large"), value)), "hi");

        Frame.Headers headers = peer.expectHeaders(1);
        assertThat(headers.first("large")).contains(value);
        assertThat(headers.continuations()).isEqualTo(2);
        assertThat(peer.expectData(1).endStream()).isTrue();
    }

    @Test
    void theApplicationsNameGoesBeforeOurs() {
        script.channel(builder -> builder.userAgent("shop/7"));
        ScriptedPeer peer = script.connected();
        script.unary("hi");

        assertThat(peer.expectHeaders(1).first("user-agent")).contains("shop/7 grpc-java-peregrine/dev");
    }

    @Test
    void theAuthorityCanBeAnotherThanTheTarget() {
        script.channel(builder -> builder.authority("api.example"));
        ScriptedPeer peer = script.connected();
        script.unary("hi");

        assertThat(peer.expectHeaders(1).first(":authority")).contains("api.example");
    }

    @Test
    void aStreamingRequestOpensItsStreamBeforeItsFirstMessage() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.CHAT);

        assertThat(peer.expectHeaders(1).endStream()).isFalse();
        assertThat(peer.pingBarrier()).isEmpty();
        call.send("a");
        assertThat(peer.expectData(1)).isEqualTo(ClientScript.message(1, "a"));
    }

    @Test
    void messagesKeepTheirOrderAndHalfCloseIsAnEmptyFrameThatEndsTheStream() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.UPLOAD);
        for (String text : List.of("a", "b", "c")) {
            call.send(text);
        }
        call.halfClose();

        peer.expectHeaders(1);
        for (String text : List.of("a", "b", "c")) {
            assertThat(peer.expectData(1)).isEqualTo(ClientScript.message(1, text));
        }
        assertThat(peer.expectData(1)).isEqualTo(new Frame.Data(1, Octets.EMPTY, true));
    }

    @Test
    void aStreamWithoutMessagesIsHeadersAndAnEmptyEnd() {
        ScriptedPeer peer = script.connected();
        script.start(Texts.UPLOAD).halfClose();

        peer.expectHeaders(1);
        assertThat(peer.expectData(1)).isEqualTo(new Frame.Data(1, Octets.EMPTY, true));
    }

    @Test
    void whatIsSaidBeforeTheConnectionIsThereGoesOutInOrder() {
        HeardCall call = script.start(Texts.CHAT);
        call.send("a");
        call.send("b");
        call.halfClose();
        ScriptedPeer peer = script.accept();

        GrpcRequest request = GrpcRequest.collect(peer);
        assertThat(request.messages())
                .extracting(message -> message.payload().utf8())
                .containsExactly("a", "b");
    }

    @Test
    void aMessageLargerThanAFrameIsCutIntoFrames() {
        ScriptedPeer peer = script.connected();
        String large = "x".repeat(40_000);
        var call = AsyncClientCalls.unary(script.channel(), Texts.UNARY, CallOptions.DEFAULT, large);

        peer.expectHeaders(1);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(16_384);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(16_384);
        Frame.Data last = peer.expectData(1);
        assertThat(last.payload().length()).isEqualTo(40_005 - 2 * 16_384);
        assertThat(last.endStream()).isTrue();
        peer.send(answer(1, "ok"));
        assertThat(answerTo(call)).isEqualTo("ok");
    }

    @Test
    void largerFramesAreSentToAPeerThatTakesThem() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.MAX_FRAME_SIZE, 50_000));
        script.unary("x".repeat(40_000));

        peer.expectHeaders(1);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(40_005);
    }
}
