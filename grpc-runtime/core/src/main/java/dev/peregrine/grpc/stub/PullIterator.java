// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Iterates over what a supplier gives until it gives null. */
final class PullIterator<T> implements Iterator<T> {

    private final Supplier<@Nullable T> source;
    private @Nullable T next;
    private boolean ended;

    PullIterator(Supplier<@Nullable T> source) {
        this.source = source;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            next = source.get();
            ended = next == null;
        }
        return next != null;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the stream has ended");
        }
        T taken = next;
        next = null;
        return java.util.Objects.requireNonNull(taken);
    }
}
