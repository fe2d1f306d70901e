// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The one door into a connection from other threads: letters in the order they were posted, opened together on the event
 * loop with a single wake-up however many there are.
 *
 * <p>A letter is its own link of the list, so posting makes no object beside it. Posting pushes onto a stack; the loop
 * takes the whole stack and turns it round. Whoever pushes onto an empty stack wakes the loop.
 */
@AnyThread
final class Mailbox implements Runnable {

    /** Something to be done on the event loop. */
    abstract static class Letter {

        private @Nullable Letter below;

        /** Does it; must not throw. */
        abstract void open();

        /** The loop is gone: releases what the letter holds. */
        void discard() {}
    }

    private final EventLoop loop;
    private final Connection connection;
    private final AtomicReference<@Nullable Letter> top = new AtomicReference<>();

    /** The letters taken and not yet opened; the event loop's. */
    private @Nullable Letter inHand;

    Mailbox(EventLoop loop, Connection connection) {
        this.loop = loop;
        this.connection = connection;
    }

    void post(Letter letter) {
        Letter previous;
        do {
            previous = top.get();
            letter.below = previous;
        } while (!top.compareAndSet(previous, letter));
        if (previous == null) {
            wake();
        }
    }

    /** Whether no letter waits, so that what the event loop does now overtakes none. */
    boolean isEmpty() {
        return inHand == null && top.get() == null;
    }

    private void wake() {
        try {
            loop.execute(this);
        } catch (RejectedExecutionException loopIsGone) {
            for (Letter letter = takeAll(); letter != null; letter = letter.below) {
                letter.discard();
            }
        }
    }

    /** Opens the letters; called by the event loop. */
    @Override
    public void run() {
        Letter letter = takeAll();
        connection.batch().begin();
        while (letter != null) {
            inHand = letter.below;
            letter.below = null;
            try {
                letter.open();
            } catch (RuntimeException | Error thrown) { // One letter's trouble is not that of the others.
                connection.failed("something posted to a connection failed", thrown);
            }
            letter = inHand;
        }
        connection.batch().end();
    }

    /** All letters, the oldest first. */
    private @Nullable Letter takeAll() {
        Letter letter = top.getAndSet(null);
        Letter reversed = null;
        while (letter != null) {
            Letter below = letter.below;
            letter.below = reversed;
            reversed = letter;
            letter = below;
        }
        return reversed;
    }
}
