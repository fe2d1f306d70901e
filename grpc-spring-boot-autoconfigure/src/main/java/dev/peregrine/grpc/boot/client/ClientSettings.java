// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.InheritedProperties;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
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

    /** RFC 9110 §5.6.2, as §10.1.5 has it for products. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+");

    private final Environment environment;
    private final Binder binder;

    ClientSettings(Environment environment) {
        this.environment = environment;
        this.binder = Binder.get(environment);
    }

    /** What is set for this name, property by property over what is set for all. */
    GrpcClientProperties of(String name) {
        return InheritedProperties.bind(environment, under(name), under(DEFAULT), Set.of(), GrpcClientProperties.class);
    }

    /** Where a client calls: what its name says, or else what is said for all; null if neither says anything. */
    @Nullable
    String target(String name) {
        String own = filled(name, "target");
        return own != null ? own : filled(DEFAULT, "target");
    }

    /** Whether there are clients at all. */
    static boolean isOn(Environment environment) {
        return environment.getProperty(PREFIX + '.' + ClientNames.ENABLED, Boolean.class, true);
    }

    /** The full name of a client's property. */
    static String property(String name, String field) {
        return PREFIX + '.' + name + '.' + field;
    }

    /** Whether the name itself says where to call. */
    boolean hasTarget(String name) {
        return filled(name, "target") != null;
    }

    private @Nullable String filled(String name, String field) {
        ConfigurationPropertyName full = ConfigurationPropertyName.adapt(property(name, field), '.');
        String text = binder.bind(full, Bindable.of(String.class)).orElse(null);
        return text == null || text.isBlank() ? null : text;
    }

    /** How the application calls itself; null if it does not, or by a name that is no product token. */
    @Nullable
    String userAgent(GrpcClientProperties properties) {
        if (properties.userAgent() != null) {
            return properties.userAgent();
        }
        String application = environment.getProperty("spring.application.name");
        return application != null && TOKEN.matcher(application).matches() ? application : null;
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

    private static ConfigurationPropertyName under(String name) {
        return ConfigurationPropertyName.adapt(PREFIX + '.' + name, '.');
    }
}
