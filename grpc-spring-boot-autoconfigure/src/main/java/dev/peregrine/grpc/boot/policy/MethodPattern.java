// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.policy;

import dev.peregrine.grpc.MethodDescriptor;

/**
 * Which methods an entry of {@code grpc.server.methods} holds for.
 *
 * <pre>
 *   pkg.Service/Method   one method
 *   pkg.Service          all methods of a service, as pkg.Service/*
 *   pkg.*                all methods of the services of a package and those below it
 *   *                    all methods
 * </pre>
 *
 * @param text as it was written
 * @param rank the more specific, the higher
 */
record MethodPattern(String text, int rank) {

    private static final int METHOD = Integer.MAX_VALUE;
    private static final int SERVICE = METHOD - 1;

    static MethodPattern of(String text) {
        if (text.endsWith("/*")) {
            return new MethodPattern(text.substring(0, text.length() - 2), SERVICE);
        }
        if (text.indexOf('/') >= 0) {
            return new MethodPattern(text, METHOD);
        }
        return new MethodPattern(text, isOpen(text) ? text.length() : SERVICE);
    }

    boolean matches(MethodDescriptor<?, ?> method) {
        if (rank == METHOD) {
            return method.fullName().equals(text);
        }
        return isOpen(text)
                ? method.service().startsWith(text.substring(0, text.length() - 1))
                : method.service().equals(text);
    }

    private static boolean isOpen(String text) {
        return text.equals("*") || text.endsWith(".*");
    }
}
