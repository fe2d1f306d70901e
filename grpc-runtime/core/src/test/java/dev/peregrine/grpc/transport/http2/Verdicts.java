// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;

/** What a peer that broke HTTP/2 gets to hear (RFC 9113 §5.4), and how it writes what no frame of the kit can say. */
public final class Verdicts {

    private Verdicts() {}

    /** GOAWAY with this code, nothing else, and the end of the connection. */
    public static void expectConnectionError(ScriptedPeer peer, long errorCode) {
        peer.expectGoAway(errorCode);
        assertThat(peer.expectClosed()).isEmpty();
    }

    /** RST_STREAM with this code, nothing else, and the next call is answered. */
    public static void expectStreamError(ScriptedPeer peer, int streamId, long errorCode) {
        peer.expectRstStream(streamId, errorCode);
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, streamId + 2);
    }

    /** A frame by its octets. */
    public static Frame.Raw raw(int type, int flags, int streamId, String hex) {
        return new Frame.Raw(type, flags, streamId, hex.isEmpty() ? Octets.EMPTY : Octets.hex(hex));
    }
}
