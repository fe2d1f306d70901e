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
 * RFC 7541 §2.3.3, Index Address Space, and §6.1 and §6.2, where indexes stand. An index of nothing is a decoding
 * error.
 */
@Timeout(60)
class Section233IndexAddressSpaceTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // §6.1: index 0
                "be", // 62, the first of the dynamic table, which is empty
                "ff 00", // 127
                "ff 80 80 80 80 07", // far beyond
                "7e 01 61", // §6.2.1: a name at 62
                "0f 2f 01 61", // §6.2.2
                "1f 2f 01 61" // §6.2.3
            })
    void anIndexOfNothingCostsTheConnection(String block) {
        expectConnectionError(sends("83 86 84 " + block), ErrorCode.COMPRESSION_ERROR);
    }

    @Test
    void theFirstEntryOfTheDynamicTableIs62() {
        ScriptedPeer peer = server.greet();
        // "x: 1" becomes entry 62; the request asks by GET for "/", and is refused as such.
        peer.send(raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.END_STREAM, 1, "82 86 84 40 01 78 01 31"));
        assertThat(peer.expectHeaders(1).first(":status")).contains("405");

        peer.send(raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.END_STREAM, 3, "82 86 84 be"));

        assertThat(peer.expectHeaders(3).first(":status")).contains("405");
    }

    /** Peer sends these octets as the block of a request. */
    private ScriptedPeer sends(String block) {
        ScriptedPeer peer = server.greet();
        peer.send(raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.END_STREAM, 1, block));
        return peer;
    }
}
