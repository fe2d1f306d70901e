// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameFlag;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113 §6.7, PING. Its length is told in {@link Section42FrameSizeTest}. */
@Timeout(60)
class Section67PingTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @RegisterExtension
    final ClientScript script = new ClientScript();

    @Test
    void aServerAnswersWithTheSameOctets() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Ping(false, 0xfedcba9876543210L));

        assertThat(peer.expect(Frame.Ping.class)).isEqualTo(new Frame.Ping(true, 0xfedcba9876543210L));
    }

    @Test
    void aClientAnswersWithTheSameOctets() {
        ScriptedPeer peer = script.connected();

        peer.send(new Frame.Ping(false, 0xfedcba9876543210L));

        assertThat(peer.expect(Frame.Ping.class)).isEqualTo(new Frame.Ping(true, 0xfedcba9876543210L));
    }

    @Test
    void anAnswerIsNotAnswered() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Ping(true, 1));

        assertThat(peer.pingBarrier(Frame.Ping.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, FrameFlag.ACK})
    void aPingOfAStreamCostsTheConnection(int flags) {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.PING, flags, 1, "00 00 00 00 00 00 00 00"));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }
}
