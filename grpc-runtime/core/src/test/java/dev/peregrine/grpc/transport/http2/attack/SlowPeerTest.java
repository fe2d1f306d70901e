// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.attack;

import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.Sleeper;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Peers that take their time. Bound: time for the first words; a call's own deadline; {@code ServerSendingTest}
 * tells how unread answers hold their writer.
 */
@Timeout(60)
class SlowPeerTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    @Test
    void aPeerThatNeverSaysItsFirstWordsIsTurnedAway() {
        ScriptedPeer peer = server.limits(limits -> limits.withHandshakeTimeout(Duration.ofMillis(50)))
                .dial();

        peer.sendRaw(Octets.latin1("PRI * HTTP"));

        assertThat(peer.expectGoAway(ErrorCode.NO_ERROR).debugText()).contains("no HTTP/2 settings came");
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void aPrefaceIsNotEnough() {
        ScriptedPeer peer = server.limits(limits -> limits.withHandshakeTimeout(Duration.ofMillis(50)))
                .dial();

        peer.sendPreface();

        peer.expectGoAway(ErrorCode.NO_ERROR);
        assertThat(peer.expectClosed()).isEmpty();
    }

    /** A request that never ends keeps its own thread, until its deadline. */
    @Test
    void aRequestThatDribblesEndsWithItsDeadline() {
        ScriptedPeer peer = server.upload(texts -> {
                    texts.read();
                    return sleeper.sleep("for more");
                })
                .greet();
        peer.send(GrpcFrames.request(1, UPLOAD).plus("grpc-timeout", "500m"));

        for (byte octet : text(1, "x").payload().toArray()) {
            peer.send(new Frame.Data(1, Octets.of(octet), false));
        }

        assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.DEADLINE_EXCEEDED.value());
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        expectNextCallAnswered(peer, 3);
    }
}
