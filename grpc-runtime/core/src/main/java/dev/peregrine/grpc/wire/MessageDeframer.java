// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the DATA of one direction of a stream into messages ({@link MessagePrefix} shows the grammar), and delivers as many
 * as there is demand for. DATA frame boundaries carry no meaning.
 *
 * <p><b>Memory.</b> A message that lies whole in the received data is delivered from there, uncopied. What is left over is
 * copied to a buffer that grows with the bytes received, never on the word of a length prefix, and is given back as soon as
 * it is empty. A large message lies in several pieces.
 *
 * <p><b>Flow control.</b> Every received byte becomes <em>taken</em> once: when its message is delivered, or while its
 * message is the next one, still incomplete, and there is demand for it; otherwise a message larger than the window could
 * never arrive. {@link #drainTakenBytes} tells how many bytes may be given back to the window since it was last asked.
 * Without demand nothing is taken. Padding of DATA frames is not seen here.
 *
 * <p><b>Errors</b> are {@link StatusException}s, thrown on sight of a message's prefix, before its bytes are buffered:
 * RESOURCE_EXHAUSTED for a message over the limit, INTERNAL for a flag that is neither 0 nor 1. Whatever is thrown, here
 * or by the sink, the deframer is closed afterwards.
 *
 * <p><b>Threads.</b> Confined to the stream's event loop. The sink may call back: {@link #close} ends the delivery after
 * the message in hand; {@link #deliver} does nothing and returns 0, so who changes the demand inside the sink looks at it
 * again when the outer call has returned.
 */
public final class MessageDeframer {

    /** Receives messages in order. */
    public interface Sink {

        /**
         * @param message exactly the message's bytes, possibly none; borrowed for the duration of the call
         * @param compressed the flag of the message; the bytes are as they came
         */
        void message(ByteBuf message, boolean compressed);
    }

    /** Less than this is not worth allocating in steps. */
    private static final int MIN_CAPACITY = 1024;

    private final int maxMessageSize;

    /** Bytes of messages that are not delivered; begins with a prefix. Null if there are none. */
    private @Nullable ByteBuf buffered;

    /** Taken, and not drained yet. */
    private int taken;

    /** How many of the first message's buffered bytes were taken while it was incomplete. */
    private int takenOfHead;

    private boolean delivering;
    private boolean held;
    private boolean closed;

    /**
     * @param maxMessageSize the most bytes a message may have as it travels, without its prefix
     */
    public MessageDeframer(int maxMessageSize) {
        if (maxMessageSize < 0) {
            throw new IllegalArgumentException("maxMessageSize: " + maxMessageSize + " (expected: >= 0)");
        }
        this.maxMessageSize = maxMessageSize;
    }

    /**
     * Receives data and delivers at once what there is demand for. All of {@code data} is read; it is not released.
     *
     * @param demand how many messages may be delivered, 0 or more
     * @return how many were delivered
     */
    public int receive(ByteBuf data, int demand, ByteBufAllocator alloc, Sink sink) {
        requireNotDelivering();
        try {
            int delivered = 0;
            while (buffered != null && delivered < demand) {
                int more = deliverFrom(completeHead(buffered, data, alloc), demand - delivered, sink);
                if (more == 0) {
                    break;
                }
                delivered += more;
            }
            if (buffered == null) {
                delivered += deliverFrom(data, demand - delivered, sink);
            }
            keep(data, alloc);
            return delivered;
        } finally {
            dropUnread(data);
        }
    }

    /**
     * Delivers messages received earlier.
     *
     * @param demand how many messages may be delivered, 0 or more
     * @return how many were delivered
     */
    public int deliver(int demand, Sink sink) {
        return delivering || buffered == null ? 0 : deliverFrom(buffered, demand, sink);
    }

    /** Whether to deliver nothing, whatever the demand; from inside the sink it counts for the message behind. */
    public void hold(boolean now) {
        held = now;
    }

    /** The bytes held back here: of messages nobody asked for yet, and of the one that is incomplete. */
    public int bufferedBytes() {
        return closed || buffered == null ? 0 : buffered.readableBytes();
    }

    /** Whether there is something behind the first message held back here. */
    public boolean holdsMoreThanOne() {
        return buffered != null && bufferedBytes() > sizeIfKnown(buffered);
    }

    /** Whether the sink is being called: there may be more behind the message it has in hand. */
    public boolean isDelivering() {
        return delivering;
    }

    /**
     * Whether the bytes held back end in the midst of a message. If no more are to come, because END_STREAM has, that
     * message is truncated.
     */
    public boolean isMidMessage() {
        long left = bufferedBytes();
        while (left >= MessagePrefix.LENGTH && buffered != null) {
            left -= sizeAt(buffered, buffered.writerIndex() - (int) left);
        }
        return left != 0;
    }

    /**
     * The bytes taken since the last call, prefixes included. After {@link #close} these are all bytes that were not
     * drained before: nobody will read them, and the connection's window needs them back.
     *
     * @param demandLeft how many more messages may be delivered, 0 or more
     */
    public int drainTakenBytes(int demandLeft) {
        if (demandLeft > 0 && !isHeadWhole()) {
            int head = bufferedBytes();
            taken += head - takenOfHead;
            takenOfHead = head;
        }
        int drained = taken;
        taken = 0;
        return drained;
    }

    /** Drops what is held back, now or when the running delivery ends; data received from now on is dropped as well. */
    public void close() {
        taken += bufferedBytes() - takenOfHead;
        takenOfHead = 0;
        closed = true;
        if (!delivering) {
            releaseBuffered();
        }
    }

    private int deliverFrom(ByteBuf source, int demand, Sink sink) {
        int delivered = 0;
        delivering = true;
        try {
            while (delivered < demand && !held && !closed && source.readableBytes() >= MessagePrefix.LENGTH) {
                int length = checkPrefix(source);
                if (source.readableBytes() - MessagePrefix.LENGTH < length) {
                    break;
                }
                boolean compressed = source.readByte() == 1;
                ByteBuf message = source.skipBytes(Integer.BYTES).readSlice(length);
                taken += MessagePrefix.LENGTH + length - takenOfHead;
                takenOfHead = 0;
                delivered++;
                sink.message(message, compressed);
            }
            return delivered;
        } catch (Throwable failure) {
            close();
            throw failure;
        } finally {
            delivering = false;
            if (closed || (source == buffered && !source.isReadable())) {
                releaseBuffered();
            }
        }
    }

    /** Buffers all of the data, having looked at the prefix of the first message not delivered. */
    private void keep(ByteBuf data, ByteBufAllocator alloc) {
        if (closed || !data.isReadable()) {
            return;
        }
        if (buffered != null) {
            completeHead(buffered, data, alloc);
        } else if (data.readableBytes() >= MessagePrefix.LENGTH) {
            checkPrefix(data);
        }
        move(data, data.readableBytes(), alloc);
    }

    /** Moves just as much data to the buffer as its first message lacks, and returns the buffer. */
    private ByteBuf completeHead(ByteBuf held, ByteBuf data, ByteBufAllocator alloc) {
        ByteBuf head = move(data, MessagePrefix.LENGTH - held.readableBytes(), alloc);
        if (head.readableBytes() < MessagePrefix.LENGTH) {
            return head;
        }
        long missing = MessagePrefix.LENGTH + (long) checkPrefix(head) - head.readableBytes();
        return move(data, (int) Math.min(missing, data.readableBytes()), alloc);
    }

    /** Moves up to this many bytes from the data to the buffer, and returns the buffer. */
    private ByteBuf move(ByteBuf data, int most, ByteBufAllocator alloc) {
        int count = Math.max(0, Math.min(most, data.readableBytes()));
        ByteBuf target = buffered;
        if (target == null) {
            target = alloc.buffer(capacityFor(count, sizeIfKnown(data), true));
        } else if (target.writableBytes() < count) {
            int needed = target.readableBytes() + count;
            int capacity = capacityFor(needed, sizeIfKnown(target), false);
            int fitting = target.writableBytes();
            target.writeBytes(data, fitting);
            count -= fitting;
            target = Growth.of(target, capacity, alloc);
        }
        buffered = target;
        return target.writeBytes(data, count);
    }

    /**
     * As much as the first message can use, but at most twice of what is there. Behind a first message that is whole a
     * buffer that had to grow once will have to again, so it doubles: a peer that sends single bytes must not make us copy
     * all of them each time.
     */
    private static int capacityFor(int needed, long headSize, boolean first) {
        long roomy = Math.max(2L * needed, MIN_CAPACITY);
        if (needed > headSize) {
            roomy = first ? needed : roomy;
        } else {
            roomy = Math.min(headSize, roomy);
        }
        return (int) Math.min(roomy, Integer.MAX_VALUE);
    }

    /** Checks the prefix of the first message, and returns the message's length. */
    private int checkPrefix(ByteBuf source) {
        int flag = source.getUnsignedByte(source.readerIndex());
        if (flag > 1) {
            throw fail(
                    StatusCode.INTERNAL,
                    "a message begins with 0x" + Integer.toHexString(flag)
                            + "; its first byte must be the compressed flag, 0 or 1");
        }
        long length = source.getUnsignedInt(source.readerIndex() + 1);
        if (length > maxMessageSize) {
            throw fail(
                    StatusCode.RESOURCE_EXHAUSTED,
                    "a message of " + length + " bytes is larger than the allowed " + maxMessageSize
                            + "; raise the receiver's limit for inbound messages, or send less at once");
        }
        return (int) length;
    }

    private StatusException fail(StatusCode code, String text) {
        close();
        return new StatusException(code, text);
    }

    private boolean isHeadWhole() {
        return bufferedBytes() != 0 && buffered != null && sizeIfKnown(buffered) <= buffered.readableBytes();
    }

    /** The size of the first message with its prefix; endless as long as the prefix is incomplete. */
    private static long sizeIfKnown(ByteBuf source) {
        return source.readableBytes() < MessagePrefix.LENGTH ? Long.MAX_VALUE : sizeAt(source, source.readerIndex());
    }

    private static long sizeAt(ByteBuf source, int index) {
        return MessagePrefix.LENGTH + source.getUnsignedInt(index + 1);
    }

    /** What is unread after the end of a call was in the way of a failure or of {@link #close}. */
    private void dropUnread(ByteBuf data) {
        if (data.isReadable()) {
            close();
            taken += data.readableBytes();
            data.skipBytes(data.readableBytes());
        }
    }

    private void releaseBuffered() {
        if (buffered != null) {
            buffered.release();
            buffered = null;
        }
    }

    private void requireNotDelivering() {
        if (delivering) {
            throw new IllegalStateException("data cannot be received from inside the sink: the order would be lost");
        }
    }
}
