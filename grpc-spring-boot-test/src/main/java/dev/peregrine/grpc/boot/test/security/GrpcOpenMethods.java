// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test.security;

import dev.peregrine.grpc.boot.security.AccessControl;
import java.util.List;
import java.util.Set;

/** Whether no method is open to everybody by accident. */
public final class GrpcOpenMethods {

    private GrpcOpenMethods() {}

    /**
     * Asserts that everybody may call these methods, and no others; health, which is open unless {@code grpc.security.health}
     * says otherwise, need not be named.
     *
     * @param methods full names, such as {@code shop.Catalog/List}
     * @throws AssertionError if it is otherwise
     */
    public static void assertOnly(AccessControl access, String... methods) {
        if (access.rules().isEmpty()) {
            throw new AssertionError("no server has started, so nothing is known of its methods");
        }
        Set<String> expected = Set.of(methods);
        List<String> open = access.openMethods().stream()
                .filter(method -> !method.startsWith("grpc.health.v1.Health/"))
                .toList();
        List<String> unexpected =
                open.stream().filter(method -> !expected.contains(method)).toList();
        List<String> closed = expected.stream()
                .filter(method -> !open.contains(method))
                .sorted()
                .toList();
        if (!unexpected.isEmpty() || !closed.isEmpty()) {
            throw new AssertionError("open to everybody, and not expected to be: " + unexpected
                    + "; expected to be open to everybody, and not: " + closed + "; the rules are " + access.rules());
        }
    }
}
