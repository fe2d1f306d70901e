// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.client.ClientScript.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import dev.peregrine.grpc.transport.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Windows: a client that may not send waits, one that does not read makes the server wait (RFC 9113 §5.2). */
@Timeout(30)
class ClientFlowControlTest {

    private static final int PREFIX = 5;

    @RegisterExtension
    final ClientScript script = new ClientScript();

    // ---- sending ----

    @Test
    void aMessageWaitsForTheWindowOfItsStream() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 10))
                .withoutWindowUpdates();
        CompletableFuture<String> call = script.unary("0123456789");

        peer.expectHeaders(1);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(10);
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(new Frame.WindowUpdate(1, 4));
        Frame.Data rest = peer.expectData(1);
        assertThat(rest.payload().utf8()).isEqualTo("5678");
        assertThat(rest.endStream()).isFalse();

        peer.send(new Frame.WindowUpdate(1, 4));
        assertThat(peer.expectData(1)).isEqualTo(new Frame.Data(1, Octets.utf8("9"), true));
        peer.send(answer(1, "ok"));
        assertThat(answerTo(call)).isEqualTo("ok");
    }

    @Test
    void withoutAnyWindowOnlyTheHeadersGoOut() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0))
                .withoutWindowUpdates();
        script.unary("hi");
        HeardCall stream = script.start(Texts.CHAT);
        stream.send("a");

        peer.expectHeaders(1);
        peer.expectHeaders(3);
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(new Frame.WindowUpdate(3, 100));
        assertThat(peer.expectData(3)).isEqualTo(message(3, "a"));
        peer.send(new Frame.WindowUpdate(1, 100));
        assertThat(peer.expectData(1).endStream()).isTrue();
    }

    @Test
    void anEmptyEndNeedsNoWindow() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0))
                .withoutWindowUpdates();
        script.start(Texts.UPLOAD).halfClose();

        peer.expectHeaders(1);
        assertThat(peer.expectData(1)).isEqualTo(new Frame.Data(1, Octets.EMPTY, true));
    }

    @Test
    void settingsOpenTheWindowsOfStreamsThatAreOpen() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0))
                .withoutWindowUpdates();
        script.unary("hi");
        peer.expectHeaders(1);

        peer.send(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 3));
        assertThat(peer.expectData(1).payload().length()).isEqualTo(3);
    }

    @Test
    void settingsThatMakeAWindowNegativeAreMadeUpForFirst() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 10))
                .withoutWindowUpdates();
        script.unary("0123456789");
        peer.expectHeaders(1);
        peer.expectData(1);

        peer.send(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 4)).expectSettingsAck(); // Now at -6.
        peer.send(new Frame.WindowUpdate(1, 6));
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(new Frame.WindowUpdate(1, 1));
        assertThat(peer.expectData(1).payload().length()).isEqualTo(1);
    }

    @Test
    void theWindowOfTheConnectionIsSharedInTurns() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 1 << 20))
                .withoutWindowUpdates();
        script.unary("x".repeat(65_535 - PREFIX));
        peer.expectHeaders(1);
        for (int left = 65_535; left > 0; ) {
            left -= peer.expectData(1).payload().length();
        }
        script.unary("y".repeat(40_000));
        script.unary("z".repeat(40_000));
        peer.expectHeaders(3);
        peer.expectHeaders(5);
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(new Frame.WindowUpdate(0, 3 * 16_384));
        assertThat(List.of(
                        peer.expect(Frame.Data.class).streamId(),
                        peer.expect(Frame.Data.class).streamId(),
                        peer.expect(Frame.Data.class).streamId()))
                .containsExactly(3, 5, 3);
    }

    @Test
    void aWriterBlocksUntilThereIsRoom() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWriteBufferHighWater(10)));
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0))
                .withoutWindowUpdates();
        BidiStreamingCall<String, String> call =
                ClientCalls.bidiStreaming(script.channel(), Texts.CHAT, CallOptions.DEFAULT);
        call.write("0123456789"); // Goes to the buffer, which is now too full for more.
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> call.write("b"));
        peer.expectHeaders(1);
        peer.pingBarrier();
        assertThat(second).isNotDone();

        peer.send(new Frame.WindowUpdate(1, 5));
        peer.expectData(1);
        assertThat(peer.pingBarrier()).isEmpty();
        assertThat(second).isNotDone();

        peer.send(new Frame.WindowUpdate(1, 1));
        assertThat(answerTo(second)).isNull();
        call.close();
    }

    @Test
    void aWriterThatWaitsHearsOfTheEnd() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWriteBufferHighWater(1)));
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0));
        BidiStreamingCall<String, String> call =
                ClientCalls.bidiStreaming(script.channel(), Texts.CHAT, CallOptions.DEFAULT);
        call.write("a");
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> call.write("b"));
        peer.expectHeaders(1);
        peer.send(GrpcFrames.trailersOnly(1, 7, "not you"));

        assertThat(second)
                .failsWithin(ScriptedPeer.PATIENCE)
                .withThrowableThat()
                .withMessageContaining("PERMISSION_DENIED: not you");
    }

    @Test
    void aStreamIsReadyAgainWhenItsBufferHasEmptied() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWriteBufferHighWater(10)));
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0))
                .withoutWindowUpdates();
        HeardCall call = script.start(Texts.CHAT);
        assertThat(call.isReady()).isTrue();
        call.send("0123456789");
        assertThat(call.isReady()).isFalse();
        peer.expectHeaders(1);

        peer.send(new Frame.WindowUpdate(1, 100));
        assertThat(call.nextOrReady()).isEqualTo("ready");
        assertThat(call.isReady()).isTrue();
    }

    @Test
    void cancellingDropsWhatWaitsForAWindow() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0))
                .withoutWindowUpdates();
        HeardCall call = script.start(Texts.CHAT);
        call.send("a");
        peer.expectHeaders(1);
        call.cancel("enough", null);

        peer.expectRstStream(1, ErrorCode.CANCEL);
        peer.send(new Frame.WindowUpdate(1, 100));
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aWindowOfAStreamBeyondTheLargestIsAStreamError() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        peer.send(new Frame.WindowUpdate(1, Integer.MAX_VALUE));

        peer.expectRstStream(1, ErrorCode.FLOW_CONTROL_ERROR);
        assertThat(failureOf(call).code()).isEqualTo(StatusCode.INTERNAL);
    }

    @Test
    void aWindowOfTheConnectionBeyondTheLargestEndsIt() {
        ScriptedPeer peer = script.connected();
        peer.send(new Frame.WindowUpdate(0, Integer.MAX_VALUE));

        peer.expectGoAway(ErrorCode.FLOW_CONTROL_ERROR);
        peer.halfClose();
    }

    // ---- receiving ----

    /** A call that nobody reads, on the next stream. */
    private HeardCall unread(ScriptedPeer peer, int streamId) {
        HeardCall call = script.start(Texts.CHAT);
        peer.expectHeaders(streamId);
        peer.send(GrpcFrames.response(streamId));
        return call;
    }

    /** Sends octets in frames; the windows must have room for all of them. */
    private static void sendInFrames(ScriptedPeer peer, int streamId, Octets octets) {
        for (int from = 0; from < octets.length(); from += 16_384) {
            int to = Math.min(from + 16_384, octets.length());
            peer.send(new Frame.Data(streamId, octets.slice(from, to), false));
        }
    }

    private static List<Integer> streamsGivenBackTo(ScriptedPeer peer) {
        return peer.pingBarrier(Frame.WindowUpdate.class).stream()
                .map(Frame.WindowUpdate::streamId)
                .toList();
    }

    @Test
    void whatIsNotReadIsNotGivenBackToItsStream() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWindows(65_535, 1 << 20)));
        ScriptedPeer peer = script.connected();
        HeardCall call = unread(peer, 1);
        sendInFrames(peer, 1, message(1, "x".repeat(40_000)).payload());
        assertThat(streamsGivenBackTo(peer)).doesNotContain(1);

        call.request(1);
        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).startsWith("message x");
        assertThat(peer.expectWindowUpdate(1).increment()).isEqualTo(40_000 + PREFIX);
    }

    @Test
    void whatIsReadIsGivenBackWhenItIsHalfAWindow() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWindows(65_535, 1 << 20)));
        ScriptedPeer peer = script.connected();
        HeardCall call = unread(peer, 1);
        call.request(3);
        peer.send(message(1, "x".repeat(16_000)), message(1, "x".repeat(16_000)));
        assertThat(List.of(call.next(), call.next(), call.next())).hasSize(3);
        assertThat(streamsGivenBackTo(peer)).doesNotContain(1);

        peer.send(message(1, "x".repeat(1000)));
        assertThat(peer.expectWindowUpdate(1).increment()).isEqualTo(33_000 + 3 * PREFIX);
    }

    @Test
    void aMessageLargerThanTheWindowArrivesWhenItIsWanted() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWindows(65_535, 1 << 20)));
        ScriptedPeer peer = script.connected();
        HeardCall call = unread(peer, 1);
        call.request(1);
        Octets large = message(1, "x".repeat(200_000)).payload();
        int window = 65_535;
        for (int from = 0; from < large.length(); from += 16_000) {
            Octets part = large.slice(from, Math.min(from + 16_000, large.length()));
            window -= part.length();
            if (window < 0) {
                window += peer.expectWindowUpdate(1).increment();
            }
            peer.send(new Frame.Data(1, part, false));
        }

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).hasSize("message ".length() + 200_000);
    }

    @Test
    void aReaderThatDoesNotReadHoldsUpNobodyElse() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWindows(65_535, 65_535)));
        ScriptedPeer peer = script.connected();
        unread(peer, 1);
        sendInFrames(peer, 1, Octets.zeros(65_535));
        peer.expectWindowUpdate(0);
        CompletableFuture<String> other = script.unary("hi");
        peer.expectHeaders(3);
        peer.send(answer(3, "ho"));

        assertThat(answerTo(other)).isEqualTo("ho");
    }

    /** Lets sixteen windows of the connection lie unread, half a window at a time, on streams 1 to 31. */
    private List<HeardCall> sixteenWindowsUnread(ScriptedPeer peer) {
        List<HeardCall> calls = new ArrayList<>();
        for (int id = 1; id <= 31; id += 2) {
            calls.add(unread(peer, id));
            sendInFrames(peer, id, Octets.zeros(32_767));
            assertThat(peer.expectWindowUpdate(0).increment()).isEqualTo(32_767);
            sendInFrames(peer, id, Octets.zeros(32_767));
            assertThat(peer.expectWindowUpdate(0).increment()).isEqualTo(32_767);
        }
        return calls;
    }

    @Test
    void whenTooMuchLiesUnreadTheConnectionIsHeldBackUntilSomeOfItIsDropped() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWindows(65_535, 65_535)));
        ScriptedPeer peer = script.connected();
        List<HeardCall> calls = sixteenWindowsUnread(peer);
        unread(peer, 33);
        sendInFrames(peer, 33, Octets.zeros(32_767));
        assertThat(streamsGivenBackTo(peer)).isEmpty();

        calls.get(0).cancel("enough", null);
        assertThat(peer.expectWindowUpdate(0).increment()).isEqualTo(32_767);
    }

    @Test
    void moreThanTheConnectionsWindowEndsIt() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWindows(65_535, 65_535)));
        ScriptedPeer peer = script.connected();
        sixteenWindowsUnread(peer);
        unread(peer, 33);
        unread(peer, 35);
        sendInFrames(peer, 33, Octets.zeros(65_535));
        assertThat(peer.pingBarrier()).isEmpty();
        sendInFrames(peer, 35, Octets.zeros(1));

        peer.expectGoAway(ErrorCode.FLOW_CONTROL_ERROR);
        peer.halfClose();
    }

    @Test
    void moreThanTheStreamsWindowIsAStreamError() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWindows(65_535, 1 << 20)));
        ScriptedPeer peer = script.connected();
        HeardCall call = unread(peer, 1);
        sendInFrames(peer, 1, Octets.zeros(65_536));

        peer.expectRstStream(1, ErrorCode.FLOW_CONTROL_ERROR);
        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).startsWith("INTERNAL: HTTP/2 stream error");
    }

    /** The stream lives on until its answer is read; for the server it is reset, once and for all. */
    @Test
    void anAnsweredStreamIsResetNoMoreThanOnce() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.CHAT);
        call.halfClose();
        peer.expectHeaders(1);
        peer.expectData(1);
        peer.send(GrpcFrames.response(1), message(1, "a"), GrpcFrames.end(1, 0));
        peer.send(new Frame.WindowUpdate(1, Integer.MAX_VALUE), new Frame.WindowUpdate(1, Integer.MAX_VALUE));

        peer.expectRstStream(1, ErrorCode.FLOW_CONTROL_ERROR);
        assertThat(peer.pingBarrier()).isEmpty();
        assertThat(call.next()).isEqualTo("headers");
        call.request(1);
        assertThat(call.next()).isEqualTo("message a");
        assertThat(call.next()).isEqualTo("OK");
    }

    @Test
    void dataThatCrossesOurCancelIsGivenBackWithItsPadding() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWindows(65_535, 65_535)));
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.CHAT);
        peer.expectHeaders(1);
        call.cancel("enough", null);
        peer.expectRstStream(1, ErrorCode.CANCEL);
        peer.send(GrpcFrames.response(1));
        peer.send(
                new Frame.Data(1, Octets.zeros(16_000), false, 256),
                new Frame.Data(1, Octets.zeros(16_000), false, 256));
        peer.send(new Frame.Data(1, Octets.zeros(300), true));

        assertThat(peer.expectWindowUpdate(0).increment()).isEqualTo(32_812);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    /** Each such answer takes five octets and 256 of padding; lost ones would add up to sixteen windows in the end. */
    @Test
    void answersThatBreakTheirCallsDoNotAddUpToUnreadData() {
        script.channel(builder ->
                builder.limits(Limits.DEFAULT.withWindows(65_535, 65_535).withMaxMessageSize(10)));
        ScriptedPeer peer = script.connected();
        int frames = 16 * 65_535 / 261 + 300;
        int updates = 0;
        for (int first = 0; first < frames; first += 100) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = first; i < Math.min(first + 100, frames); i++) {
                calls.add(script.unary("hi"));
            }
            for (int i = first; i < first + calls.size(); i++) {
                int id = 2 * i + 1;
                peer.expectHeaders(id);
                peer.send(GrpcFrames.response(id), new Frame.Data(id, Octets.hex("00 00 00 01 00"), false, 256));
            }
            calls.forEach(call -> assertThat(failureOf(call).code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
        }
        for (Frame.WindowUpdate update : peer.pingBarrier(Frame.WindowUpdate.class)) {
            updates += update.increment();
        }

        assertThat(updates).isGreaterThan(frames * 261 - 65_535 / 2);
    }
}
