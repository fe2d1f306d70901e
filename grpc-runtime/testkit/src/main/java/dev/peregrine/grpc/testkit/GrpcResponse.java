// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a server said on one stream, from the first HEADERS to END_STREAM.
 *
 * @param headers empty if the response is Trailers-Only
 * @param trailers the last header block; of a Trailers-Only response the only one
 */
public record GrpcResponse(List<Header> headers, List<GrpcMessage> messages, List<Header> trailers) {

    public GrpcResponse {
        headers = List.copyOf(headers);
        messages = List.copyOf(messages);
        trailers = List.copyOf(trailers);
    }

    /**
     * Listens on this stream until the server ends it with trailers.
     *
     * @throws AssertionError if it ends in any other way, or carries half a message
     */
    public static GrpcResponse collect(ScriptedPeer peer, int streamId) {
        List<Header> headers = new ArrayList<>();
        MessageCollector messages = new MessageCollector(peer, streamId);
        while (true) {
            Frame frame = peer.expectOn(streamId);
            if (frame instanceof Frame.Headers block) {
                if (block.endStream()) {
                    return new GrpcResponse(headers, messages.all(), block.headers());
                }
                if (!block.first(":status").orElse("").startsWith("1")) {
                    headers.addAll(block.headers());
                }
            } else if (frame instanceof Frame.Data data && !data.endStream()) {
                messages.add(data);
            } else {
                throw peer.failure("expected stream " + streamId + " to end with trailers, but found " + frame);
            }
        }
    }

    public boolean isTrailersOnly() {
        return headers.isEmpty() && messages.isEmpty();
    }

    /**
     * The number in grpc-status.
     *
     * @throws AssertionError if there is none
     */
    public int status() {
        return Header.first(trailers, "grpc-status")
                .map(Integer::valueOf)
                .orElseThrow(() -> new AssertionError("no grpc-status in the trailers " + trailers));
    }

    /** What grpc-message says, percent-decoded. */
    public Optional<String> statusMessage() {
        return Header.first(trailers, "grpc-message").map(PercentEncoding::decode);
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
