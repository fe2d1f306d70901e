// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc7541;

import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.FrameFlag;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * RFC 7541 §4.2, Maximum Table Size, and §6.3, Dynamic Table Size Update. What we tell of our own table is told in
 * {@code HpackEncoderTest}.
 */
@Timeout(60)
class Section42MaximumTableSizeTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "20", // 0
                "3f e1 1f", // 4096
                "20 3f e1 1f" // both, as §4.2 asks of who shrank and grew back
            })
    void aSizeUpToOursIsTakenAtTheStartOfABlock(String update) {
        assertThat(sends(update + " 82 86 84").expectHeaders(1).first(":status"))
                .contains("405");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3f e2 1f", // 4097
                "3f ff ff ff ff 07",
                "3f ff ff ff ff ff ff ff ff ff 7f"
            })
    void aSizeBeyondOursCostsTheConnection(String update) {
        expectConnectionError(sends(update + " 82 86 84"), ErrorCode.COMPRESSION_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"82 86 84 20", "82 86 84 3f e1 1f", "82 3f e1 1f 86 84"})
    void aSizeBehindAFieldCostsTheConnection(String block) {
        expectConnectionError(sends(block), ErrorCode.COMPRESSION_ERROR);
    }

    @Test
    void aTableOfNothingForgetsWhatItHeld() {
        ScriptedPeer peer = sends("82 86 84 40 01 78 01 31");
        peer.expectHeaders(1);
        peer.expectData(1);

        peer.send(raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.END_STREAM, 3, "20 82 86 84 be"));

        expectConnectionError(peer, ErrorCode.COMPRESSION_ERROR);
    }

    /** Peer sends these octets as the block of a request. */
    private ScriptedPeer sends(String block) {
        ScriptedPeer peer = server.greet();
        peer.send(raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.END_STREAM, 1, block));
        return peer;
    }
}
