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

/** RFC 7541 §5.2, String Literal Representation. */
@Timeout(60)
class Section52StringLiteralRepresentationTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    /** "x: " and a value in Huffman code; "a" is 00011, and padded with ones. */
    @Test
    void huffmanCodeIsPaddedWithTheStartOfItsEnd() {
        assertThat(sends("00 01 78 81 1f").expectHeaders(1).first(":status")).contains("405");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00 01 78 82 1f ff", // more than seven bits of padding
                "00 01 78 81 18", // padded with zeros
                "00 01 78 81 1e", // padded with something else
                "00 01 78 84 ff ff ff ff", // EOS, spelled out
                "00 01 78 85 1f ff ff ff ff"
            })
    void huffmanCodeThatDoesNotEndProperlyCostsTheConnection(String field) {
        expectConnectionError(sends(field), ErrorCode.COMPRESSION_ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00", // no name
                "00 05 78", // a name cut off
                "00 01 78", // no value
                "00 01 78 05 31", // a value cut off
                "40 01 78 85 1f",
                "44" // a name of the table, and no value
            })
    void aStringThatIsCutOffCostsTheConnection(String field) {
        expectConnectionError(sends(field), ErrorCode.COMPRESSION_ERROR);
    }

    /** Peer sends GET, http, "/" and this field. */
    private ScriptedPeer sends(String field) {
        ScriptedPeer peer = server.greet();
        peer.send(raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.END_STREAM, 1, "82 86 84 " + field));
        return peer;
    }
}
