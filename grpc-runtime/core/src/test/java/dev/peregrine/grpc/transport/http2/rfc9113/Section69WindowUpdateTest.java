// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectStreamError;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import dev.peregrine.grpc.transport.http2.Sleeper;
import dev.peregrine.grpc.transport.http2.TextsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * RFC 9113 §6.9, WINDOW_UPDATE, and §5.2, Flow Control. What we do with windows is told in {@code
 * ServerSendingTest}, {@code WindowOverflowTest} and {@code ClientFlowControlTest}.
 */
@Timeout(60)
class Section69WindowUpdateTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    @Test
    void nothingForAStreamCostsTheStream() {
        ScriptedPeer peer = server.greet();
        peer.send(GrpcFrames.request(1, UNARY));

        peer.send(new Frame.WindowUpdate(1, 0));

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void nothingForTheConnectionCostsIt() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.WindowUpdate(0, 0));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    /** The bit is reserved, so this is an increment of 1. */
    @Test
    void theReservedBitIsIgnored() {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.WINDOW_UPDATE, 0, 0, "80 00 00 01"));

        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 1);
    }

    @Test
    void aStreamsWindowBeyondTheLargestCostsTheStream() {
        ScriptedPeer peer = server.greet();
        peer.send(GrpcFrames.request(1, UNARY));

        peer.send(new Frame.WindowUpdate(1, Integer.MAX_VALUE));

        expectStreamError(peer, 1, ErrorCode.FLOW_CONTROL_ERROR);
    }

    @Test
    void theConnectionsWindowBeyondTheLargestCostsIt() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.WindowUpdate(0, Integer.MAX_VALUE));

        expectConnectionError(peer, ErrorCode.FLOW_CONTROL_ERROR);
    }

    @Test
    void settingsThatMakeAStreamsWindowTooLargeCostTheConnection() {
        ScriptedPeer peer = server.greet();
        peer.send(GrpcFrames.request(1, UNARY), new Frame.WindowUpdate(1, 1));

        peer.send(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE));

        expectConnectionError(peer, ErrorCode.FLOW_CONTROL_ERROR);
    }

    /** §6.9.2: a window may become negative, and must then be made up for before anything is sent. */
    @Test
    void aNegativeWindowIsMadeUpForFirst() {
        ScriptedPeer peer = server.dial().withoutWindowUpdates();
        peer.handshake(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 3));
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        peer.expectHeaders(1);
        assertThat(peer.expectData(1).payload().length()).isEqualTo(3);

        peer.send(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0), new Frame.WindowUpdate(1, 3));
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(new Frame.WindowUpdate(1, 1));

        assertThat(peer.expectData(1).payload().length()).isEqualTo(1);
    }

    @Test
    void windowsDoNotHoldUpHeadersAndTrailers() {
        ScriptedPeer peer = server.dial();
        peer.handshake(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0));

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, Texts.BROKEN));

        assertThat(peer.expectHeaders(1).first("grpc-status")).contains("13");
    }
}
