// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** DATA frames of one stream to messages: frame boundaries carry no meaning. */
final class MessageCollector {

    private final ScriptedPeer peer;
    private final int streamId;
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    MessageCollector(ScriptedPeer peer, int streamId) {
        this.peer = peer;
        this.streamId = streamId;
    }

    void add(Frame.Data data) {
        octets.writeBytes(data.payload().toArray());
    }

    List<GrpcMessage> all() {
        try {
            return GrpcMessage.parse(Octets.of(octets.toByteArray()));
        } catch (IllegalArgumentException e) {
            throw peer.failure("stream " + streamId + " does not carry gRPC messages: " + e.getMessage());
        }
    }
}
