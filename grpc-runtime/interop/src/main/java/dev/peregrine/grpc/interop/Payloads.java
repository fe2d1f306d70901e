// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.peregrine.grpc.interop.proto.Payload;
import dev.peregrine.grpc.interop.proto.PayloadType;
import dev.peregrine.grpc.transport.Limits;

/** Payloads of zeros, the only ones there are. */
public final class Payloads {

    /**
     * The largest message that both sides accept, in bytes. grpc-java's interop suite uses the same bound, and requests and
     * responses of 10 MiB.
     */
    public static final int MAX_MESSAGE_SIZE = 16 << 20;

    /**
     * What our server and our client accept. Besides such messages, the thousand of concurrent_large_unary, all at once on
     * one connection: up to 314 MB, which is more than a stranger may usually send ahead.
     */
    public static final Limits LIMITS =
            Limits.DEFAULT.withMaxMessageSize(MAX_MESSAGE_SIZE).withMaxBufferedBytes(512 << 20);

    private Payloads() {}

    /** A payload with this many zeros in its body. */
    public static Payload zeros(int size) {
        return Payload.newBuilder()
                .setType(PayloadType.COMPRESSABLE)
                .setBody(UnsafeByteOperations.unsafeWrap(new byte[size]))
                .build();
    }

    public static boolean isZeros(ByteString body) {
        for (int i = 0; i < body.size(); i++) {
            if (body.byteAt(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
