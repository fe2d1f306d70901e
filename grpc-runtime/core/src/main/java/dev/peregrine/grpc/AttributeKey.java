// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

/**
 * Names something that interceptors attach to a call. Compared by identity: keep it in a constant.
 *
 * @param <T> the type of the value
 */
public final class AttributeKey<T> {

    private final String name;

    private AttributeKey(String name) {
        this.name = name;
    }

    /** A new key; the name is for people only. */
    public static <T> AttributeKey<T> named(String name) {
        return new AttributeKey<>(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
