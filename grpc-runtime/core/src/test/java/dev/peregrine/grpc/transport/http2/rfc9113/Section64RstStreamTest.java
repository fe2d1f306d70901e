// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.Sleeper;
import dev.peregrine.grpc.transport.http2.TextsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RFC 9113 §6.4, RST_STREAM. On which streams it may come is told in {@link Section51StreamStatesTest}. */
@Timeout(60)
class Section64RstStreamTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void aResetOfTheConnectionCostsIt() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.RstStream(0, ErrorCode.CANCEL));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void aResetEndsTheCall() {
        Sleeper sleeper = new Sleeper();
        ScriptedPeer peer = server.unary(text -> text.equals("next") ? "re: next" : sleeper.sleep(text))
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        sleeper.expectInterrupted();
        assertThat(sleeper.expectCancelled().code()).isEqualTo(StatusCode.CANCELLED);
        expectNextCallAnswered(peer, 3);
    }
}
