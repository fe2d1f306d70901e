// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.inprocess;

import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.wire.MessageDeframer;
import dev.peregrine.grpc.wire.MessagePrefix;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One direction of a call: framed messages go in at the writer's end and come out at the reader's, as many as it has asked
 * for, each no larger than it accepts.
 *
 * <p>Belongs to the connection's thread, but for what the writer's end may do on any: {@link #frame}, {@link #hasRoom}.
 */
final class Pipe {

    private static final ByteBufAllocator ALLOC = ByteBufAllocator.DEFAULT;

    private final MessageDeframer deframer;
    private final MessageDeframer.Sink reader;
    private final Runnable onRoom;

    /** How many unread bytes make the writer wait: what a network would hold for the reader, and for the writer. */
    private final long room;

    /** Bytes written, or about to be, that the reader has not taken. */
    private final AtomicInteger unread = new AtomicInteger();

    private int demand;
    private boolean ended;

    /**
     * @param reader gets the messages, on the connection's thread
     * @param onRoom hears that the writer may go on, on the connection's thread
     */
    Pipe(Limits writers, Limits readers, MessageDeframer.Sink reader, Runnable onRoom) {
        this.deframer = new MessageDeframer(readers.maxMessageSize());
        this.room = (long) readers.streamWindow() + writers.writeBufferHighWater();
        this.reader = reader;
        this.onRoom = onRoom;
    }

    // ---- for the writer, on any thread ----

    /**
     * The bytes of a message behind its prefix, counted as unread from now on.
     *
     * @throws RuntimeException whatever the marshaller throws; nothing is counted then
     */
    ByteBuf frame(OutboundMessage<?> message) {
        int length = MessagePrefix.LENGTH + message.length();
        ByteBuf framed = ALLOC.heapBuffer(length);
        try {
            MessagePrefix.write(framed, false, message.length());
            message.writeTo(framed);
        } catch (RuntimeException | Error unencodable) {
            framed.release();
            throw unencodable;
        }
        unread.addAndGet(length);
        return framed;
    }

    boolean hasRoom() {
        return unread.get() < room;
    }

    // ---- on the connection's thread ----

    /**
     * Takes a framed message, whose buffer becomes this pipe's, and hands on what there is demand for; after {@link #end}
     * and {@link #close} it drops it.
     *
     * @throws StatusException RESOURCE_EXHAUSTED if the next message is larger than the reader accepts
     */
    void write(ByteBuf framed) {
        try {
            if (ended) {
                makeRoom(framed.readableBytes());
            } else {
                lessDemand(deframer.receive(framed, demand, ALLOC, reader));
            }
        } finally {
            framed.release();
            makeRoom(deframer.drainTakenBytes(demand));
        }
    }

    /** Nothing more is written. */
    void end() {
        ended = true;
    }

    /** Messages from the next on may have this many bytes. */
    void limitMessages(int maxMessageSize) {
        deframer.maxMessageSize(maxMessageSize);
    }

    /**
     * The reader asks for this many more messages; those that are there come at once.
     *
     * @throws StatusException RESOURCE_EXHAUSTED if the next message is larger than the reader accepts
     */
    void request(int messages) {
        demand = (int) Math.min(Integer.MAX_VALUE, (long) demand + messages);
        try {
            lessDemand(deframer.deliver(demand, reader));
        } finally {
            makeRoom(deframer.drainTakenBytes(demand));
        }
    }

    /** Whether all that was written has come out, and nothing follows. */
    boolean isDrained() {
        return ended && deframer.bufferedBytes() == 0;
    }

    /** The reader has gone: what is unread is dropped, and what is still to come. */
    void close() {
        deframer.close();
        makeRoom(deframer.drainTakenBytes(0));
    }

    /** The greatest demand means "all there are" and is never used up (Reactive Streams §3.17). */
    private void lessDemand(int delivered) {
        if (demand != Integer.MAX_VALUE) {
            demand -= delivered;
        }
    }

    private void makeRoom(int taken) {
        int now = unread.addAndGet(-taken);
        if (now < room && (long) now + taken >= room) {
            onRoom.run();
        }
    }
}
