// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.policy;

/**
 * Which services an entry of {@code grpc.server.services} is for.
 *
 * <pre>
 *   pkg.Service   one service
 *   pkg.*         all services of a package and those below it
 *   *             all services
 * </pre>
 *
 * @param text one of these
 */
public record ServicePattern(String text) {

    /** What a pattern may be, for messages. */
    static final String FORMS = "pkg.Service, pkg.* or *";

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if the text is none of these forms
     */
    public ServicePattern {
        if (!isPattern(text)) {
            throw new IllegalArgumentException("services: '" + text + "' (expected: " + FORMS + ")");
        }
    }

    static boolean isPattern(String text) {
        if (text.equals("*")) {
            return true;
        }
        String name = text.endsWith(".*") ? text.substring(0, text.length() - 2) : text;
        return !name.isEmpty()
                && name.chars().noneMatch(letter -> letter == '*' || letter == '/' || Character.isWhitespace(letter));
    }

    /** Whether it is for the service of this full name. */
    public boolean matches(String service) {
        return isOpen() ? service.startsWith(text.substring(0, text.length() - 1)) : service.equals(text);
    }

    /** Whether it is for more than one service. */
    boolean isOpen() {
        return text.endsWith("*");
    }
}
