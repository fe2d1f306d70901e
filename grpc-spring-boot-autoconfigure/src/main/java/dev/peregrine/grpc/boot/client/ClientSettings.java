// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Reads {@code grpc.client.*}. Each name is looked up for itself instead of in a map of all, because a map's keys lose
 * their dashes in environment variables: {@code GRPC_CLIENT_USERSERVICE_TARGET} is found for {@code user-service} this way.
 */
final class ClientSettings {

    static final String DEFAULT = "default";

    private static final String PREFIX = "grpc.client";

    private final Binder binder;

    ClientSettings(Environment environment) {
        this.binder = Binder.get(environment);
    }

    /** What is set for this name, field by field over what is set for all. */
    GrpcClientProperties of(String name) {
        return own(name).over(own(DEFAULT));
    }

    /** The full name of a client's property. */
    static String property(String name, String field) {
        return PREFIX + '.' + name + '.' + field;
    }

    /** Whether the name itself says where to call. */
    boolean hasTarget(String name) {
        String target = text(name, "target");
        return target != null && !target.isBlank();
    }

    /** What is set for this name itself, whether it is a property of ours or not; null if nothing is. */
    @Nullable
    String text(String name, String field) {
        return binder.bind(ConfigurationPropertyName.adapt(property(name, field), '.'), Bindable.of(String.class))
                .orElse(null);
    }

    /** The names that say where to call, sorted. */
    List<String> namesWithTarget() {
        Map<String, Object> entries =
                binder.bind(PREFIX, Bindable.mapOf(String.class, Object.class)).orElse(Map.of());
        return entries.keySet().stream()
                .filter(name -> !name.equals(DEFAULT))
                .filter(this::hasTarget)
                .sorted()
                .toList();
    }

    private GrpcClientProperties own(String name) {
        return binder.bind(
                        ConfigurationPropertyName.adapt(PREFIX + '.' + name, '.'),
                        Bindable.of(GrpcClientProperties.class))
                .orElse(GrpcClientProperties.NONE);
    }
}
