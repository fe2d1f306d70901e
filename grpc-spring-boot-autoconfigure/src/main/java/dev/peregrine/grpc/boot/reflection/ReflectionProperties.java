// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.reflection;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether tools such as grpcurl may ask servers what they serve.
 *
 * @param enabled Whether to offer reflection, versions 1 and 1alpha. If not set, while one of the profiles is
 * active and Spring Security is not on the class path.
 * @param profiles Profiles in which reflection is on by itself.
 * @param server Name of the server that offers reflection, and tells of its own services; every one, if *.
 */
@ConfigurationProperties("grpc.server.reflection")
record ReflectionProperties(
        @Nullable Boolean enabled,

        @DefaultValue({"dev", "development", "local", "test"})
        Set<String> profiles,

        @DefaultValue("*") String server) {}
