// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameFlag;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113 §6.2, HEADERS, and §5.3.2, Priority Signaling: priorities are to be ignored. */
@Timeout(60)
class Section62HeadersTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void headersOfTheConnectionCostIt() {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.HEADERS, FrameFlag.END_HEADERS, 0, "83 86 84"));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 256})
    void paddingIsNoPartOfTheBlock(int padding) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).withPadding(padding), lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    @Test
    void paddingLongerThanItsFrameCostsTheConnection() {
        ScriptedPeer peer = server.greet();

        peer.send(raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.PADDED, 1, "04 83 86 84"));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    /** RFC 7540 made a dependency on oneself an error; there are no dependencies any more. */
    @ParameterizedTest
    @ValueSource(strings = {"00 00 00 00 ff", "80 00 00 03 00", "00 00 00 01 10"})
    void thePriorityInHeadersIsIgnored(String priority) {
        ScriptedPeer peer = server.greet();
        Octets block = peer.encodeHeaderBlock(GrpcFrames.requestHeaders(UNARY));

        peer.send(
                new Frame.Raw(
                        FrameType.HEADERS,
                        FrameFlag.END_HEADERS | FrameFlag.PRIORITY,
                        1,
                        Octets.hex(priority).plus(block)),
                lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
        expectNextCallAnswered(peer, 3);
    }
}
