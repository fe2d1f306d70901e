// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.policy;

import dev.peregrine.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Which methods an entry of {@code grpc.server.methods}, or a rule of security, holds for.
 *
 * <pre>
 *   pkg.Service/Method   one method
 *   pkg.Service          all methods of a service, as pkg.Service/*
 *   pkg.*                all methods of the services of a package and those below it
 *   *                    all methods
 * </pre>
 *
 * For policies, health checks are for no entry but one that names them: orchestrators ask for health when there is much to do, too, and draw
 * conclusions from being refused; and who watches it does so for days.
 *
 * @param services those the methods belong to
 * @param method the name of the only one; null for all of these services
 */
public record MethodPattern(
        ServicePattern services, @Nullable String method) {

    private static final String FORMS = "pkg.Service/Method, " + ServicePattern.FORMS;

    private static final String ALL = "*";

    private static final String HEALTH = "grpc.health.v1.Health";

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if the text is none of these forms
     */
    public static MethodPattern of(String text) {
        int slash = text.indexOf('/');
        String service = slash < 0 ? text : text.substring(0, slash);
        String method = slash < 0 ? ALL : text.substring(slash + 1);
        if (ServicePattern.isPattern(service)) {
            ServicePattern services = new ServicePattern(service);
            if (method.equals(ALL)) {
                return new MethodPattern(services, null);
            }
            if (isMethodOf(services, method)) {
                return new MethodPattern(services, method);
            }
        }
        throw new IllegalArgumentException("match: '" + text + "' (expected: " + FORMS + ")");
    }

    private static boolean isMethodOf(ServicePattern services, String method) {
        return !services.isOpen() && !method.isEmpty() && method.indexOf('*') < 0 && method.indexOf('/') < 0;
    }

    /** Health that no entry names is not for any of them. */
    static boolean isHealth(MethodDescriptor<?, ?> method) {
        return method.service().equals(HEALTH);
    }

    /** Whether the method is one of them, and not one of health by chance. */
    boolean matches(MethodDescriptor<?, ?> candidate) {
        return covers(candidate) && !(services.isOpen() && isHealth(candidate));
    }

    /** Whether the method is one of them, as the text has it. */
    public boolean covers(MethodDescriptor<?, ?> candidate) {
        return services.matches(candidate.service()) && (method == null || method.equals(candidate.name()));
    }

    /** The more specific, the higher. */
    int rank() {
        if (method != null) {
            return Integer.MAX_VALUE;
        }
        return services.isOpen() ? services.text().length() : Integer.MAX_VALUE - 1;
    }

    @Override
    public String toString() {
        return method == null ? services.text() : services.text() + '/' + method;
    }
}
