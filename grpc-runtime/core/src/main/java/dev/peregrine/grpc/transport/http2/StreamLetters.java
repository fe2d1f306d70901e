// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.OutboundMessage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What other threads ask of a stream, on its way to the event loop: one object for each request, and none if the asker is
 * on the loop already.
 */
@AnyThread
final class StreamLetters {

    private StreamLetters() {}

    /**
     * Something done to a stream. Made of a method's name alone, which captures nothing, so that acting at once makes no
     * object.
     *
     * @param <S> which end's stream
     */
    @FunctionalInterface
    interface Deed<S extends Http2Stream, A extends @Nullable Object, B extends @Nullable Object> {
        void doTo(S stream, A first, B second);
    }

    /** A deed with what it is done with. */
    static final class Act<S extends Http2Stream, A extends @Nullable Object, B extends @Nullable Object>
            extends Mailbox.Letter {

        private final Deed<S, A, B> deed;
        private final S stream;
        private final A first;
        private final B second;

        Act(Deed<S, A, B> deed, S stream, A first, B second) {
            this.deed = deed;
            this.stream = stream;
            this.first = first;
            this.second = second;
        }

        @Override
        void open() {
            deed.doTo(stream, first, second);
        }
    }

    /** More messages are wanted. */
    static final class Demand extends Mailbox.Letter {

        private final Http2Stream stream;
        private final int messages;

        Demand(Http2Stream stream, int messages) {
            this.stream = stream;
            this.messages = messages;
        }

        @Override
        void open() {
            stream.addDemand(messages);
        }
    }

    /** A message to send, which is counted as unsent. */
    static final class Write extends Mailbox.Letter {

        private final Http2Stream stream;
        private final OutboundMessage<?> message;
        private final @Nullable ByteBuf encoded;

        Write(Http2Stream stream, OutboundMessage<?> message) {
            this.stream = stream;
            this.message = message;
            this.encoded = SendQueue.encodeAhead(message, stream.connection.alloc());
        }

        @Override
        void open() {
            stream.doWrite(message, encoded, true);
        }

        @Override
        void discard() {
            SendQueue.release(encoded);
        }
    }
}
