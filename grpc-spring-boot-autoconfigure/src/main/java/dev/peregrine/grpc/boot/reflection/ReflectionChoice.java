// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.reflection;

import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.util.ClassUtils;

/**
 * Whether there is reflection, and why.
 *
 * @param on whether there is
 * @param worthSaying whether somebody may wonder about it
 * @param reason for the log
 */
record ReflectionChoice(boolean on, boolean worthSaying, String reason) {

    private static final String SECURITY = "org.springframework.security.core.Authentication";

    static ReflectionChoice of(
            ReflectionProperties properties, Environment environment, @Nullable ClassLoader classes) {
        if (properties.enabled() != null) {
            return new ReflectionChoice(
                    properties.enabled(),
                    properties.enabled(),
                    "grpc.server.reflection.enabled is " + properties.enabled());
        }
        String profile = properties.profiles().stream()
                .filter(name -> environment.acceptsProfiles(Profiles.of(name)))
                .sorted()
                .findFirst()
                .orElse(null);
        if (profile == null) {
            return new ReflectionChoice(false, false, "none of the profiles " + properties.profiles() + " is active");
        }
        if (ClassUtils.isPresent(SECURITY, classes)) {
            return new ReflectionChoice(
                    false,
                    true,
                    "Spring Security is there, so the profile '" + profile
                            + "' does not open it; set grpc.server.reflection.enabled to true if callers may see it");
        }
        return new ReflectionChoice(true, true, "the profile '" + profile + "' is active");
    }
}
