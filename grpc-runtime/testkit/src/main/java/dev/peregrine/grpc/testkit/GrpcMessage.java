// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One Length-Prefixed-Message of gRPC over HTTP/2.
 *
 * @param compressed the flag in the prefix; the kit neither compresses nor inflates
 * @param payload what stands behind the prefix
 */
public record GrpcMessage(boolean compressed, Octets payload) {

    private static final int PREFIX_LENGTH = 5;

    /** Compressed-Flag, Message-Length, Message. */
    public Octets prefixed() {
        byte[] prefix = ByteBuffer.allocate(PREFIX_LENGTH)
                .put((byte) (compressed ? 1 : 0))
                .putInt(payload.length())
                .array();
        return Octets.of(prefix).plus(payload);
    }

    /**
     * Cuts the concatenated payloads of DATA frames into messages.
     *
     * @throws IllegalArgumentException if a flag is neither 0 nor 1, or the octets end within a message
     */
    public static List<GrpcMessage> parse(Octets data) {
        List<GrpcMessage> messages = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(data.toArray());
        while (rest.hasRemaining()) {
            int start = rest.position();
            if (rest.remaining() < PREFIX_LENGTH) {
                throw cutShort(data, start);
            }
            int flag = rest.get();
            if (flag != 0 && flag != 1) {
                throw new IllegalArgumentException("compressed flag at octet " + start + " is " + (flag & 0xff)
                        + " (expected: 0 or 1) in " + data);
            }
            int length = rest.getInt();
            if (length < 0 || length > rest.remaining()) {
                throw cutShort(data, start);
            }
            byte[] payload = new byte[length];
            rest.get(payload);
            messages.add(new GrpcMessage(flag == 1, Octets.of(payload)));
        }
        return messages;
    }

    private static IllegalArgumentException cutShort(Octets data, int start) {
        return new IllegalArgumentException(
                "the message that starts at octet " + start + " is not complete in " + data);
    }
}
