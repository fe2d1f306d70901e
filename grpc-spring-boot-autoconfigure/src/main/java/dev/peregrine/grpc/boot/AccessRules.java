// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import org.jspecify.annotations.Nullable;

/** Knows who may call which method. There is a bean of this type where callers are asked who they are. */
@FunctionalInterface
public interface AccessRules {

    /** The rule for a method, as in {@code hasRole(ADMIN)}; null if it is not served. */
    @Nullable
    String of(String fullMethodName);
}
