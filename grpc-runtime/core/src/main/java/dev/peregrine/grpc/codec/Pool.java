// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps things with native memory for the next who needs one: a Deflater takes longer to make than a small message to
 * compress. What is lent belongs to the borrower, who returns it; what is idle belongs to the pool, which keeps no more
 * than a few and ends the others.
 *
 * <p>Any thread.
 *
 * @param <T> what is lent
 */
final class Pool<T> {

    private final BlockingQueue<T> idle;
    private final Supplier<T> make;
    private final Consumer<T> reset;
    private final Consumer<T> end;

    /**
     * @param most how many are kept idle, at least 1
     * @param reset makes a returned one as good as new
     * @param end gives its memory back
     */
    Pool(int most, Supplier<T> make, Consumer<T> reset, Consumer<T> end) {
        this.idle = new ArrayBlockingQueue<>(most);
        this.make = make;
        this.reset = reset;
        this.end = end;
    }

    T borrow() {
        T one = idle.poll();
        return one == null ? make.get() : one;
    }

    void giveBack(T one) {
        reset.accept(one);
        if (!idle.offer(one)) {
            end.accept(one);
        }
    }

    int idle() {
        return idle.size();
    }
}
