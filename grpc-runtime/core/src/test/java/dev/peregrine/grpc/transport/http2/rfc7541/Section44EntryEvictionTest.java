// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc7541;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameFlag;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RFC 7541 §4.3 and §4.4: entries leave the table when it shrinks, or when newer ones need the room. */
@Timeout(60)
class Section44EntryEvictionTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void anEntryThatIsPushedOutIsGone() {
        ScriptedPeer peer = server.greet();
        // Entry "x: 1", then "y" with a value that leaves no room for both in 4096 octets.
        send(peer, 1, Octets.hex("82 86 84 40 01 78 01 31"));
        String large = "a".repeat(4096 - 32 - 1);
        send(peer, 3, Octets.hex("82 86 84 40 01 79 7f e0 1e").plus(Octets.latin1(large)));

        send(peer, 5, Octets.hex("82 86 84 be")); // 62 is "y" now
        peer.expectHeaders(5);
        peer.send(new Frame.Raw(
                FrameType.HEADERS,
                FrameFlag.END_HEADERS | FrameFlag.END_STREAM,
                7,
                Octets.hex("82 86 84 bf"))); // 63 was "x"

        peer.expectGoAway(ErrorCode.COMPRESSION_ERROR);
    }

    /** §4.4: which is no error, and leaves the table empty. */
    @Test
    void anEntryLargerThanTheTableEmptiesIt() {
        ScriptedPeer peer = server.greet();
        send(peer, 1, Octets.hex("82 86 84 40 01 78 01 31"));
        send(peer, 3, Octets.hex("82 86 84 40 01 79 7f e1 1e").plus(Octets.latin1("a".repeat(4096 - 32))));

        peer.send(new Frame.Raw(
                FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.END_STREAM, 5, Octets.hex("82 86 84 be")));

        peer.expectGoAway(ErrorCode.COMPRESSION_ERROR);
    }

    private static void send(ScriptedPeer peer, int streamId, Octets block) {
        peer.send(new Frame.Raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.END_STREAM, streamId, block));
    }
}
