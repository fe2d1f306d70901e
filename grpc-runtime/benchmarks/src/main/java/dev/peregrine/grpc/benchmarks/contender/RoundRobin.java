// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Gives each lane the next connection; for any thread. */
final class RoundRobin<T> implements Supplier<T> {

    private final List<T> all;
    private final AtomicInteger next = new AtomicInteger();

    RoundRobin(List<T> all) {
        this.all = all;
    }

    @Override
    public T get() {
        return all.get(Math.floorMod(next.getAndIncrement(), all.size()));
    }
}
