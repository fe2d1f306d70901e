// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls that cannot end well count as resets do, for they are resets by another name. */
@Timeout(60)
class ServerBrokenCallsTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void aFloodOfBrokenMessagesCostsTheConnection() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxResetsPerWindow(20)).greet();

        for (int i = 0; i < 21; i++) {
            peer.send(GrpcFrames.request(1 + 2 * i, UPLOAD), new Frame.Data(1 + 2 * i, Octets.of((byte) 7), true));
        }

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfDeadlinesThatNobodyCanKeepCostsTheConnection() {
        FakeClock clock = new FakeClock();
        server.builder().transport(new Http2Transport(clock));
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxResetsPerWindow(20)).greet();
        for (int i = 0; i < 21; i++) {
            peer.send(GrpcFrames.request(1 + 2 * i, UPLOAD).plus("grpc-timeout", "1m"));
        }
        peer.pingBarrier();

        clock.advance(Duration.ofMillis(1));

        peer.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
    }
}
