// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Marshaller;
import dev.peregrine.grpc.fuzz.FrameBytes;
import dev.peregrine.grpc.transport.OutboundMessage;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** The messages of one call in one direction: what was handed over, as it should travel. */
final class FuzzMessages {

    private static final Marshaller<byte[]> BYTES = new Marshaller<>() {
        @Override
        public int size(byte[] message) {
            return message.length;
        }

        @Override
        public void write(byte[] message, ByteBuffer out) {
            out.put(message);
        }

        @Override
        public byte[] read(ByteBuffer in) {
            throw new UnsupportedOperationException();
        }
    };

    /** Stops in the middle, without a word or with one. */
    private static final Marshaller<byte[]> BROKEN = new Marshaller<>() {
        @Override
        public int size(byte[] message) {
            return message.length + 1;
        }

        @Override
        public void write(byte[] message, ByteBuffer out) {
            out.put(message);
            if (message.length % 2 == 0) {
                throw new IllegalStateException("broken marshaller");
            }
        }

        @Override
        public byte[] read(ByteBuffer in) {
            throw new UnsupportedOperationException();
        }
    };

    private final ByteArrayOutputStream travelling = new ByteArrayOutputStream();

    OutboundMessage<byte[]> next(int size) {
        byte[] message = new byte[size];
        java.util.Arrays.fill(message, (byte) (travelling.size() % 251));
        travelling.writeBytes(FrameBytes.message(message));
        return new OutboundMessage<>(BYTES, message);
    }

    OutboundMessage<byte[]> nextBroken(int size) {
        return new OutboundMessage<>(BROKEN, new byte[size]);
    }

    void received(ByteBuf message, boolean compressed) {
        byte[] bytes = new byte[message.readableBytes()];
        message.getBytes(message.readerIndex(), bytes);
        byte[] framed = FrameBytes.message(bytes);
        framed[0] = (byte) (compressed ? 1 : 0);
        travelling.writeBytes(framed);
    }

    byte[] bytes() {
        return travelling.toByteArray();
    }

    int size() {
        return travelling.size();
    }
}
