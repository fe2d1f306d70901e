// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import dev.peregrine.grpc.Marshaller;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import io.netty.buffer.ByteBuf;

/**
 * Turns bytes into messages: small ones at once, where the bytes still lie in the connection's buffer; large ones on the
 * thread that takes them, if it is another, so that nobody else waits for them.
 *
 * @param <T> the message type
 */
public final class MessageDecoder<T> {

    /** Decoding this much takes tens of microseconds; more would hold up the other calls of the connection's thread. */
    private static final int DECODED_IN_PLACE = 64 << 10;

    private final MethodDescriptor<?, ?> method;
    private final Marshaller<T> marshaller;
    private final boolean mayDefer;

    private MessageDecoder(MethodDescriptor<?, ?> method, Marshaller<T> marshaller, boolean mayDefer) {
        this.method = method;
        this.marshaller = marshaller;
        this.mayDefer = mayDefer;
    }

    /**
     * @param mayDefer whether messages are taken on a thread other than the connection's
     */
    public static <Q> MessageDecoder<Q> ofRequests(MethodDescriptor<Q, ?> method, boolean mayDefer) {
        return new MessageDecoder<>(method, method.requestMarshaller(), mayDefer);
    }

    /**
     * @param mayDefer whether messages are taken on a thread other than the connection's
     */
    public static <R> MessageDecoder<R> ofResponses(MethodDescriptor<?, R> method, boolean mayDefer) {
        return new MessageDecoder<>(method, method.responseMarshaller(), mayDefer);
    }

    /**
     * @throws dev.peregrine.grpc.StatusException INTERNAL if the bytes are no such message
     */
    public Pending<T> decode(ByteBuf bytes) {
        if (mayDefer && bytes.readableBytes() > DECODED_IN_PLACE) {
            return new Deferred<>(this, bytes.retainedSlice());
        }
        return new Ready<>(read(bytes));
    }

    /**
     * As {@link #decode(ByteBuf)}, for a message that was flagged as compressed. A large one is unpacked where it is taken,
     * whether or not that is another thread: see {@link Pending#isDeferred}.
     *
     * @throws dev.peregrine.grpc.StatusException INTERNAL if the bytes are no such message, RESOURCE_EXHAUSTED if they unpack
     *     to more than they may
     */
    public Pending<T> decode(ByteBuf compressed, Inflation inflation) {
        ByteBuf message = inflation.unpackIfSmall(compressed);
        return message == null
                ? new Packed<>(this, inflation, compressed.retainedSlice())
                : new Unpacked<>(readAndRelease(message));
    }

    private T readAndRelease(ByteBuf bytes) {
        try {
            return read(bytes);
        } finally {
            bytes.release();
        }
    }

    private T read(ByteBuf bytes) {
        try {
            return Staging.isWorthIt(bytes)
                    ? Staging.read(bytes, marshaller::read)
                    : marshaller.read(bytes.nioBuffer());
        } catch (IllegalArgumentException broken) {
            throw undecodable(bytes, ": " + broken.getMessage(), broken);
        } catch (RuntimeException careless) { // Its text is about the marshaller, not about the bytes.
            throw undecodable(bytes, "", careless);
        }
    }

    private StatusException undecodable(ByteBuf bytes, String why, RuntimeException cause) {
        return Status.of(
                        StatusCode.INTERNAL,
                        (marshaller == method.requestMarshaller() ? "a request" : "a response") + " of "
                                + bytes.readableBytes() + " bytes for " + method.fullName() + " cannot be decoded"
                                + why)
                .withCause(cause)
                .asException();
    }

    /**
     * A message that somebody is going to take exactly once, or drop.
     *
     * @param <T> the message type
     */
    public sealed interface Pending<T> {
        /**
         * @throws dev.peregrine.grpc.StatusException INTERNAL if the bytes are no such message, RESOURCE_EXHAUSTED if they
         *     unpack to more than they may
         */
        T get();

        void drop();

        /** Whether the message arrived compressed. */
        default boolean isCompressed() {
            return false;
        }

        /** Whether {@link #get} takes so long that an event loop should not call it. */
        default boolean isDeferred() {
            return false;
        }
    }

    private record Ready<T>(T get) implements Pending<T> {
        @Override
        public void drop() {}
    }

    private record Deferred<T>(MessageDecoder<T> decoder, ByteBuf bytes) implements Pending<T> {
        @Override
        public T get() {
            return decoder.readAndRelease(bytes);
        }

        @Override
        public void drop() {
            bytes.release();
        }

        @Override
        public boolean isDeferred() {
            return true;
        }
    }

    private record Unpacked<T>(T get) implements Pending<T> {
        @Override
        public void drop() {}

        @Override
        public boolean isCompressed() {
            return true;
        }
    }

    private record Packed<T>(MessageDecoder<T> decoder, Inflation inflation, ByteBuf bytes) implements Pending<T> {
        @Override
        public T get() {
            ByteBuf message;
            try {
                message = inflation.unpack(bytes);
            } finally {
                bytes.release();
            }
            return decoder.readAndRelease(message);
        }

        @Override
        public void drop() {
            bytes.release();
        }

        @Override
        public boolean isCompressed() {
            return true;
        }

        @Override
        public boolean isDeferred() {
            return true;
        }
    }
}
