// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc7541;

import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static dev.peregrine.grpc.transport.http2.Verdicts.raw;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.FrameFlag;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7541 §5.1, Integer Representation: one too large, or without an end, is a decoding error. */
@Timeout(60)
class Section51IntegerRepresentationTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff", // an index that does not go on
                "ff 80",
                "ff ff ff ff ff 7f", // more than an int
                "ff ff ff ff ff ff ff ff ff ff 01", // more than a long
                "00 7f ff ff ff ff 7f", // the length of a name
                "00 01 78 7f ff ff ff ff 7f", // the length of a value
                "ff 80 80 80 80 80 80 80 80 80 80 80 80 00" // padded without end
            })
    void anIntegerThatIsNoneCostsTheConnection(String block) {
        expectConnectionError(sends("82 86 84 " + block), ErrorCode.COMPRESSION_ERROR);
    }

    /** Peer sends these octets as the block of a request. */
    private ScriptedPeer sends(String block) {
        ScriptedPeer peer = server.greet();
        peer.send(raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.END_STREAM, 1, block));
        return peer;
    }
}
