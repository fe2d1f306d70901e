// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.util.function.Consumer;

/**
 * The fields behind an immutable class of settings, each with its default. They are set on a fresh copy only, which nobody
 * else has seen: so that a {@code with} method names the one it changes and no other.
 *
 * @param <S> the class that has the fields
 */
abstract class Settings<S extends Settings<S>> implements Cloneable {

    /** These settings, changed; what {@code this} holds stays. */
    final S with(Consumer<S> change) {
        S changed = copy();
        change.accept(changed);
        return changed;
    }

    @SuppressWarnings("unchecked")
    private S copy() {
        try {
            return (S) clone();
        } catch (CloneNotSupportedException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
