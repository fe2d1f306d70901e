// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RFC 9113 §6.3, PRIORITY. Its length is told in {@link Section42FrameSizeTest}. */
@Timeout(60)
class Section63PriorityTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void aPriorityOfTheConnectionCostsIt() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Priority(0, 1, false, 16));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void aPriorityIsIgnoredWhateverItSays() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UNARY),
                new Frame.Priority(1, 1, true, 256),
                new Frame.Priority(1, 0, false, 1),
                new Frame.Priority(2, 99, true, 1),
                lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
        assertThat(peer.pingBarrier()).isEmpty();
    }
}
