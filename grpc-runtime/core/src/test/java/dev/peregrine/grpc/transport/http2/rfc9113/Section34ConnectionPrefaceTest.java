// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 9113 §3.4, HTTP/2 Connection Preface. What speaks another protocol is told so in {@code ServerBadInputTest}. */
@Timeout(60)
class Section34ConnectionPrefaceTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @RegisterExtension
    final ClientScript script = new ClientScript();

    @Test
    void bothEndsBeginWithSettings() {
        ScriptedPeer peer = server.greet();

        assertThat(peer.theirSettings().ack()).isFalse();
        expectNextCallAnswered(peer, 1);
    }

    @Test
    void theClientsSettingsMayBeEmptyAndFramesMayFollowWithoutWaiting() {
        ScriptedPeer peer = server.dial();

        peer.sendPreface().send(new Frame.Settings(), GrpcFrames.request(1, UNARY), lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    @Test
    void thePrefaceMayComeOctetByOctet() {
        ScriptedPeer peer = server.dial();

        for (byte octet : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII)) {
            peer.sendRaw(octet);
        }
        peer.send(new Frame.Settings());

        peer.expectSettingsAck();
        expectNextCallAnswered(peer, 1);
    }

    @Test
    void aPrefaceThatIsNoneCostsTheConnection() {
        ScriptedPeer peer = server.dial();

        peer.sendRaw(Octets.latin1("\u0000RI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    static Stream<Frame> notSettings() {
        return Stream.of(
                new Frame.Ping(false, 1),
                new Frame.WindowUpdate(0, 1),
                new Frame.GoAway(0, ErrorCode.NO_ERROR, ""),
                GrpcFrames.request(1, UNARY),
                Frame.Settings.ACK,
                raw(0x77, 0, 0, ""));
    }

    @ParameterizedTest
    @MethodSource("notSettings")
    void aClientsFirstFrameOtherThanSettingsCostsTheConnection(Frame first) {
        ScriptedPeer peer = server.dial();

        peer.sendPreface().send(first);

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void aServersFirstFrameOtherThanSettingsEndsTheConnection() {
        CompletableFuture<String> call = script.unary("hi");
        ScriptedPeer peer = script.listener().accept();

        peer.send(new Frame.Ping(false, 1));

        assertThat(failureOf(call).status().code()).isEqualTo(StatusCode.UNAVAILABLE);
        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
    }
}
