// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.attack;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Lengths that promise much, and little or nothing behind them. Bound: memory grows with what has come, never with
 * what is announced; {@code MessageDeframerTest} measures it.
 */
@Timeout(60)
class LengthLieTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void aMessageBeyondTheLimitIsRefusedByItsPrefix() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), new Frame.Data(1, Octets.hex("00 ff ff ff ff"), false));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.status()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        expectNextCallAnswered(peer, 3);
    }

    /** Together these prefixes promise 400 MB; a hundred times five octets is what they cost. */
    @Test
    void manyPrefixesOfTheLargestMessageDoNoHarm() {
        ScriptedPeer peer = server.greet();
        List<Frame> promises = new ArrayList<>();
        for (int streamId = 1; streamId < 200; streamId += 2) {
            promises.add(GrpcFrames.request(streamId, UPLOAD));
            promises.add(new Frame.Data(streamId, Octets.hex("00 00 40 00 00"), false));
        }

        peer.send(promises.toArray(Frame[]::new));

        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 201);
    }

    /** HTTP/2 itself: 16 KiB are announced, and the peer is gone. */
    @Test
    void aFrameThatNeverComesIsForgottenWithItsConnection() {
        ScriptedPeer peer = server.greet();
        peer.send(GrpcFrames.request(1, UNARY));

        peer.sendRaw(raw(FrameType.DATA, 0, 1, "00").octetsClaiming(16_384));
        peer.halfClose();

        assertThat(peer.expectClosed()).isEmpty();
        expectNextCallAnswered(server.greet(), 1);
    }
}
