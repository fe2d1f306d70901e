// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.List;

/** What a client said on one stream, from HEADERS to END_STREAM. */
public record GrpcRequest(int streamId, List<Header> headers, List<GrpcMessage> messages) {

    public GrpcRequest {
        headers = List.copyOf(headers);
        messages = List.copyOf(messages);
    }

    /**
     * Takes the next request: the next foreground frame must be its HEADERS.
     *
     * @throws AssertionError if it does not end with END_STREAM, or carries half a message
     */
    public static GrpcRequest collect(ScriptedPeer peer) {
        Frame.Headers headers = peer.expect(Frame.Headers.class);
        MessageCollector messages = new MessageCollector(peer, headers.streamId());
        boolean ended = headers.endStream();
        while (!ended) {
            Frame.Data data = peer.expectData(headers.streamId());
            messages.add(data);
            ended = data.endStream();
        }
        return new GrpcRequest(headers.streamId(), headers.headers(), messages.all());
    }

    /** The value of {@code :path}; empty if it is missing. */
    public String path() {
        return Header.first(headers, ":path").orElse("");
    }

    /**
     * The payload of the one message.
     *
     * @throws AssertionError if there are none or several
     */
    public Octets onlyMessage() {
        if (messages.size() != 1) {
            throw new AssertionError("expected one message, but found " + messages.size() + ": " + this);
        }
        return messages.get(0).payload();
    }
}
