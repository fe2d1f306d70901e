// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Native memory has one owner at a time, and comes to an end. */
class PoolTests {

    private final AtomicInteger made = new AtomicInteger();
    private final List<String> done = new ArrayList<>();
    private final Pool<String> pool = new Pool<>(
            1, () -> "no " + made.incrementAndGet(), one -> done.add("reset " + one), one -> done.add("end " + one));

    @Test
    void whatIsGivenBackIsLentAgain() {
        String one = pool.borrow();
        pool.giveBack(one);

        assertThat(pool.borrow()).isSameAs(one);
        assertThat(done).containsExactly("reset no 1");
        assertThat(pool.idle()).isZero();
    }

    @Test
    void twoBorrowersNeverShare() {
        assertThat(pool.borrow()).isNotEqualTo(pool.borrow());
    }

    @Test
    void whatIsMoreThanThePoolKeepsIsEnded() {
        String one = pool.borrow();
        String two = pool.borrow();
        pool.giveBack(one);
        pool.giveBack(two);

        assertThat(done).containsExactly("reset no 1", "reset no 2", "end no 2");
        assertThat(pool.idle()).isEqualTo(1);
    }
}
