// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RFC 9113 §5.5, Extending HTTP/2. */
@Timeout(60)
class Section55ExtensionsTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @RegisterExtension
    final ClientScript script = new ClientScript();

    @Test
    void unknownFramesAreIgnoredOnEveryStream() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UNARY),
                raw(0x77, 0, 1, "01 02"),
                lastText(1, "hi"),
                raw(0x77, 0, 99, ""),
                raw(0xff, 0, 0, "01"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aClientIgnoresUnknownFramesToo() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);

        peer.send(raw(0x42, 0xff, 1, "01 02"), raw(0x42, 0xff, 0, ""));
        peer.send(answer(1, "ho"));

        assertThat(answerTo(call)).isEqualTo("ho");
    }

    @Test
    void unknownSettingsAreIgnoredAndAcknowledged() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Settings().with(0xff03, 1).with(0x8, 1).with(0, 0));

        peer.expectSettingsAck();
        expectNextCallAnswered(peer, 1);
    }

    @Test
    void unknownFramesInAFieldBlockCostTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.HEADERS, 0, 1, "83 86"), raw(0x77, 0, 1, ""));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }
}
