// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectStreamError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.Sleeper;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 9113 §5.1, Stream States: which frames may come when. */
@Timeout(60)
class Section51StreamStatesTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    // ---- idle ----

    static Stream<Frame> onIdle() {
        return Stream.of(
                text(1, "hi"),
                new Frame.RstStream(1, ErrorCode.CANCEL),
                new Frame.WindowUpdate(1, 1),
                new Frame.Continuation(1, Octets.EMPTY, true));
    }

    @ParameterizedTest
    @MethodSource("onIdle")
    void onAnIdleStreamEverythingButHeadersAndPriorityCostsTheConnection(Frame frame) {
        ScriptedPeer peer = server.greet();

        peer.send(frame);

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void priorityOnAnIdleStreamDoesNotOpenIt() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Priority(5, 0, false, 16));

        expectNextCallAnswered(peer, 1);
        expectNextCallAnswered(peer, 5);
    }

    // ---- half-closed (remote) ----

    static Stream<Frame> behindTheEnd() {
        return Stream.of(
                text(1, "more"),
                new Frame.Headers(1, Header.list("x-late", "1"), true),
                new Frame.Headers(1, Header.list("x-late", "1"), false));
    }

    @ParameterizedTest
    @MethodSource("behindTheEnd")
    void dataAndHeadersBehindTheEndOfARequestCostTheStream(Frame frame) {
        ScriptedPeer peer = halfClosed();

        peer.send(frame);

        expectStreamError(peer, 1, ErrorCode.STREAM_CLOSED);
        sleeper.expectInterrupted();
    }

    @Test
    void aContinuationBehindTheEndOfARequestCostsTheConnection() {
        ScriptedPeer peer = halfClosed();

        peer.send(new Frame.Continuation(1, Octets.EMPTY, true));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void windowUpdatePriorityAndResetMayComeBehindTheEndOfARequest() {
        ScriptedPeer peer = halfClosed();

        peer.send(new Frame.WindowUpdate(1, 1), new Frame.Priority(1, 0, false, 16));
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        sleeper.expectInterrupted();
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    private ScriptedPeer halfClosed() {
        ScriptedPeer peer = server.unary(text -> text.equals("next") ? "re: next" : sleeper.sleep(text))
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();
        return peer;
    }

    // ---- closed ----

    /** They were under way when we ended the stream. */
    @Test
    void aResetAWindowAndAPriorityForAStreamThatHasEndedAreIgnored() {
        ScriptedPeer peer = server.greet();
        expectNextCallAnswered(peer, 1);

        peer.send(
                new Frame.WindowUpdate(1, 1),
                new Frame.RstStream(1, ErrorCode.CANCEL),
                new Frame.WindowUpdate(1, 1),
                new Frame.Priority(1, 0, false, 16));

        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void dataOnAStreamThatHasEndedIsAStreamErrorOnce() {
        ScriptedPeer peer = server.greet();
        expectNextCallAnswered(peer, 1);

        peer.send(text(1, "more"));

        peer.expectRstStream(1, ErrorCode.STREAM_CLOSED);
        peer.send(text(1, "and more"));
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void dataBehindThePeersOwnResetIsAStreamError() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), new Frame.RstStream(1, ErrorCode.CANCEL), text(1, "more"));

        expectStreamError(peer, 1, ErrorCode.STREAM_CLOSED);
    }

    @Test
    void headersBehindThePeersOwnResetCostTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UNARY),
                new Frame.RstStream(1, ErrorCode.CANCEL),
                new Frame.Headers(1, Header.list("x-late", "1"), true));

        expectConnectionError(peer, ErrorCode.STREAM_CLOSED);
    }

    @Test
    void headersOnAStreamThatHasEndedCostTheConnection() {
        ScriptedPeer peer = server.greet();
        expectNextCallAnswered(peer, 1);

        peer.send(GrpcFrames.request(1, UNARY));

        expectConnectionError(peer, ErrorCode.STREAM_CLOSED);
    }

    /** The peer has not heard yet: what it sends meanwhile is lawful. */
    @Test
    void framesBehindOurOwnResetAreIgnored() {
        ScriptedPeer peer = server.greet();
        peer.send(GrpcFrames.request(1, UNARY).plus("connection", "close"));
        peer.expectRstStream(1, ErrorCode.PROTOCOL_ERROR);

        peer.send(
                text(1, "under way"),
                new Frame.Headers(1, Header.list("x-trailer", "1"), true),
                new Frame.WindowUpdate(1, 1),
                new Frame.RstStream(1, ErrorCode.CANCEL));

        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }
}
