// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameFlag;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RFC 9113 §4.1, Frame Format. */
@Timeout(60)
class Section41FrameFormatTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void aFrameOfUnknownTypeIsIgnored() {
        ScriptedPeer peer = server.greet();

        peer.send(raw(0x77, 0xff, 0, "01 02 03"), raw(0x77, 0xff, 1, ""));

        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 1);
    }

    @Test
    void flagsThatTheTypeDoesNotKnowAreIgnored() {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.PING, 0xff & ~FrameFlag.ACK, 0, "00 00 00 00 00 00 00 09"));

        assertThat(peer.expect(Frame.Ping.class)).isEqualTo(new Frame.Ping(true, 9));
        expectNextCallAnswered(peer, 1);
    }

    @Test
    void theReservedBitIsIgnored() {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.PING, 0, 1 << 31, "00 00 00 00 00 00 00 09"));

        assertThat(peer.expect(Frame.Ping.class)).isEqualTo(new Frame.Ping(true, 9));
        expectNextCallAnswered(peer, 1);
    }
}
