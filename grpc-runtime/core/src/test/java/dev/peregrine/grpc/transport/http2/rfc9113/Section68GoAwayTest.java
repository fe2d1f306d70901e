// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.Sleeper;
import dev.peregrine.grpc.transport.http2.TextsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * RFC 9113 §6.8, GOAWAY. How a server says it is told in {@code ServerShutdownTest}, what a client makes of it in {@code
 * ClientConnectionTest}.
 */
@Timeout(60)
class Section68GoAwayTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    @Test
    void aGoAwayOfAStreamCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.GOAWAY, 0, 1, "00 00 00 00 00 00 00 00"));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void aClientThatGoesAwayStillGetsItsAnswers() {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(new Frame.GoAway(0, ErrorCode.NO_ERROR, "that is all"));
        assertThat(peer.pingBarrier()).isEmpty();
        sleeper.release();

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("slept: hi");
    }
}
