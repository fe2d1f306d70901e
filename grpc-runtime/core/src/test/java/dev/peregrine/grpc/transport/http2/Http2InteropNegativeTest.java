// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.client.ClientScript.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.ManagedChannel;
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

/**
 * The negative cases of gRPC's interop tests ({@code doc/negative-http2-test-descriptions.md}): a server that misbehaves on
 * purpose, or makes use of what HTTP/2 allows and few do. Requests and answers have the sizes of those tests.
 */
@Timeout(60)
class Http2InteropNegativeTest {

    private static final String REQUEST = "q".repeat(271_828);
    private static final String ANSWER = "a".repeat(314_159);

    /** What fits a frame. */
    private static final int FRAME = 16_384;

    @RegisterExtension
    final ClientScript script = new ClientScript();

    // ---- goaway ----

    /** "The server sends GOAWAY behind the first answer": the second call goes to a new connection. */
    @Test
    void goaway() {
        CompletableFuture<String> first = script.unary(REQUEST);
        ScriptedPeer old = script.accept();
        assertThat(GrpcRequest.collect(old).onlyMessage().length()).isEqualTo(REQUEST.length());
        old.send(answer(1, ANSWER, 0));
        old.send(new Frame.GoAway(1, ErrorCode.NO_ERROR, ""));
        assertThat(answerTo(first)).isEqualTo(ANSWER);
        old.expectClosed();

        CompletableFuture<String> second = script.unary(REQUEST);
        ScriptedPeer fresh = script.accept();
        assertThat(GrpcRequest.collect(fresh).streamId()).isEqualTo(1);
        fresh.send(answer(1, ANSWER, 0));

        assertThat(answerTo(second)).isEqualTo(ANSWER);
    }

    // ---- rst_after_header, rst_during_data, rst_after_data ----

    /** The call fails at once, with the code of the reset and no message. */
    @Test
    void rstAfterHeader() {
        ScriptedPeer peer = asked();

        peer.send(GrpcFrames.response(1), new Frame.RstStream(1, ErrorCode.NO_ERROR));

        expectReset();
    }

    @Test
    void rstDuringData() {
        ScriptedPeer peer = asked();
        Octets message = message(1, ANSWER).payload();

        peer.send(
                GrpcFrames.response(1),
                new Frame.Data(1, message.slice(0, FRAME), false),
                new Frame.RstStream(1, ErrorCode.NO_ERROR));

        expectReset();
    }

    /** The message is whole; without trailers nobody knows whether it is meant. */
    @Test
    void rstAfterData() {
        ScriptedPeer peer = asked();

        peer.send(GrpcFrames.response(1), message(1, "whole"), new Frame.RstStream(1, ErrorCode.NO_ERROR));

        expectReset();
    }

    private CompletableFuture<String> call;

    private ScriptedPeer asked() {
        ScriptedPeer peer = script.connected();
        call = script.unary(REQUEST);
        GrpcRequest.collect(peer);
        return peer;
    }

    private void expectReset() {
        Status status = failureOf(call).status();
        assertThat(status.code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(status.description()).isEqualTo("the server reset the call: NO_ERROR (0x0)");
    }

    // ---- ping ----

    /** "The server sends pings between header, data and trailers": the client answers each. */
    @Test
    void ping() {
        ScriptedPeer peer = script.connected().withoutPingAck();
        CompletableFuture<String> pinged = script.unary(REQUEST);
        GrpcRequest.collect(peer);

        peer.send(new Frame.Ping(false, 1), GrpcFrames.response(1), new Frame.Ping(false, 2));
        for (Frame.Data data : cut(ANSWER, 0)) {
            peer.send(data, new Frame.Ping(false, 3));
        }
        peer.send(GrpcFrames.end(1, 0), new Frame.Ping(false, 4));

        assertThat(answerTo(pinged)).isEqualTo(ANSWER);
        assertThat(peer.expect(Frame.Ping.class)).isEqualTo(new Frame.Ping(true, 1));
        assertThat(peer.expect(Frame.Ping.class)).isEqualTo(new Frame.Ping(true, 2));
        peer.expect(Frame.Ping.class, new Frame.Ping(true, 4)::equals);
    }

    // ---- max_streams ----

    /** "MAX_CONCURRENT_STREAMS is 1": fifteen calls at once go one behind the other, on the one connection. */
    @Test
    void maxStreams() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.MAX_CONCURRENT_STREAMS, 1));
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            calls.add(script.unary("q" + i));
        }

        for (int i = 0; i < 15; i++) {
            int streamId = 1 + 2 * i;
            assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("q" + i);
            assertThat(peer.pingBarrier()).isEmpty();
            peer.send(ClientScript.answer(streamId, "a" + i));
            assertThat(answerTo(calls.get(i))).isEqualTo("a" + i);
        }
    }

    // ---- data_frame_padding, no_df_padding_sanity_test ----

    /** Five octets of message, 255 of padding, and so on: padding counts for flow control and is given back. */
    @Test
    void dataFramePadding() {
        ScriptedPeer peer = asked(Limits.DEFAULT.withWindows(65_535, 65_535));

        peer.send(GrpcFrames.response(1));
        for (Frame.Data data : cut(ANSWER.substring(0, 10_000), 5, 256)) {
            sendWithinTheWindow(peer, data);
        }
        peer.send(GrpcFrames.end(1, 0));

        assertThat(answerTo(call)).hasSize(10_000);
    }

    @Test
    void noDfPaddingSanityTest() {
        ScriptedPeer peer = asked(Limits.DEFAULT.withWindows(65_535, 65_535));

        peer.send(GrpcFrames.response(1));
        for (Frame.Data data : cut(ANSWER.substring(0, 10_000), 5, 0)) {
            sendWithinTheWindow(peer, data);
        }
        peer.send(GrpcFrames.end(1, 0));

        assertThat(answerTo(call)).hasSize(10_000);
    }

    private ScriptedPeer asked(Limits limits) {
        ManagedChannel channel = script.channel(builder -> builder.limits(limits));
        channel.connect();
        ScriptedPeer peer = script.listener().accept().handshake();
        call = script.unary("hi");
        GrpcRequest.collect(peer);
        credit = 65_535;
        return peer;
    }

    /** What the client lets the peer send, on the connection and on the one stream alike. */
    private int credit;

    private void sendWithinTheWindow(ScriptedPeer peer, Frame.Data data) {
        while (credit < data.flowControlledLength()) {
            int ofStream = peer.expectWindowUpdate(1).increment();
            assertThat(peer.expectWindowUpdate(0).increment()).isPositive();
            credit += ofStream;
        }
        credit -= data.flowControlledLength();
        peer.send(data);
    }

    // ---- props ----

    private static Frame[] answer(int streamId, String text, int padding) {
        List<Frame> frames = new ArrayList<>();
        frames.add(GrpcFrames.response(streamId));
        frames.addAll(cut(text, padding));
        frames.add(GrpcFrames.end(streamId, 0));
        return frames.toArray(Frame[]::new);
    }

    private static List<Frame.Data> cut(String text, int padding) {
        return cut(text, FRAME - padding, padding);
    }

    private static List<Frame.Data> cut(String text, int octets, int padding) {
        Octets message = message(1, text).payload();
        List<Frame.Data> frames = new ArrayList<>();
        for (int at = 0; at < message.length(); at += octets) {
            frames.add(new Frame.Data(1, message.slice(at, Math.min(at + octets, message.length())), false, padding));
        }
        return frames;
    }
}
