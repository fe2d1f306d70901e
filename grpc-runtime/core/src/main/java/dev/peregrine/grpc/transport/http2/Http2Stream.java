// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.wire.MessagePrefix;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What a call is on the wire, whichever end we are: bytes in, messages out, and the reverse. One object per call, so the
 * two ends are subclasses of it and not objects beside it; and so its two halves are layers of it, which know only what is
 * below them: {@link SendingStream}, {@link ReceivingStream} on it, and here what other threads may ask of both.
 */
abstract sealed class Http2Stream extends ReceivingStream permits ServerCallStream, ClientCallStream {

    private @Nullable Future<?> deadlineTimer;

    Http2Stream(Connection connection) {
        super(connection);
    }

    // ---- what the two ends do differently ----

    /**
     * Sends a message if the call still takes one.
     *
     * @param encoded the message's bytes, if another thread has encoded it already; ownership passes
     * @param counted whether it was counted as unsent already
     */
    abstract void doWrite(OutboundMessage<?> message, @Nullable ByteBuf encoded, boolean counted);

    /** RST_STREAM has come. */
    abstract void resetByPeer(long errorCode);

    /** The connection is gone, or given up. */
    abstract void connectionLost(Status why);

    // ---- life ----

    /** Ends the stream by its own death, if the peer need not be told: gives back what it holds. */
    @Override
    final void dispose() {
        if (deadlineTimer != null) {
            deadlineTimer.cancel(false);
            deadlineTimer = null;
        }
        super.dispose();
        connection.forget(this);
    }

    @Override
    final void reset(long errorCode, String why) {
        connection.resetStream(this, errorCode, why);
    }

    final void startDeadline(long nanos, Runnable expired) {
        deadlineTimer = connection.later(expired, Math.max(0, nanos));
    }

    // ---- what both ends of the waist can do, from any thread ----

    @AnyThread
    final void post(Runnable task) {
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                task.run();
            }
        });
    }

    /**
     * Keeps the messages that there is demand for back, or delivers them. Whoever is given a message may hold back the next
     * one, which may be there already: so that takes effect at once.
     */
    @AnyThread
    final void holdBack(boolean now) {
        if (connection.mayActNow() || (now && connection.loop().inEventLoop())) {
            setHeld(now);
        } else {
            post(() -> setHeld(now));
        }
    }

    /** Asks for this many more messages. */
    @AnyThread
    public final void request(int messages) {
        if (connection.mayActNow()) {
            addDemand(messages);
            connection.flushSoon();
        } else {
            connection.post(new StreamLetters.Demand(this, messages));
        }
    }

    /** Sends a message; ownership passes. */
    @AnyThread
    public final void write(OutboundMessage<?> message) {
        if (connection.mayActNow() && id() != 0) {
            doWrite(message, null, false);
            connection.flushSoon();
        } else {
            count(MessagePrefix.LENGTH + message.length());
            connection.post(new StreamLetters.Write(this, message));
        }
    }

    /** Does something to the stream, at once or as soon as the event loop gets to it. */
    @AnyThread
    final <S extends Http2Stream, A extends @Nullable Object, B extends @Nullable Object> void act(
            StreamLetters.Deed<S, A, B> deed, S self, A first, B second) {
        if (connection.mayActNow()) {
            deed.doTo(self, first, second);
            connection.flushSoon();
        } else {
            connection.post(new StreamLetters.Act<>(deed, self, first, second));
        }
    }
}
