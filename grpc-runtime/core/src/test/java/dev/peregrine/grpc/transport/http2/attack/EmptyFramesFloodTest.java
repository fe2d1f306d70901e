// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.attack;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** CVE-2019-9518: frames that carry nothing. Bound: empty DATA in a row. */
@Timeout(60)
class EmptyFramesFloodTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void aFloodOfEmptyDataCostsTheConnection() {
        ScriptedPeer peer = server.greet();
        Frame empty = new Frame.Data(1, Octets.EMPTY, false);

        peer.send(GrpcFrames.request(1, UNARY), empty, empty, text(1, "hi"), empty, empty);
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(empty);

        expectConnectionError(peer, ErrorCode.ENHANCE_YOUR_CALM);
    }

    /** Padding is nothing, too. */
    @Test
    void dataOfPaddingAloneIsEmpty() {
        ScriptedPeer peer = server.greet();
        Frame empty = new Frame.Data(1, Octets.EMPTY, false, 256);

        peer.send(GrpcFrames.request(1, UNARY), empty, empty, empty);

        expectConnectionError(peer, ErrorCode.ENHANCE_YOUR_CALM);
    }
}
