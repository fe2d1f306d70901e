// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.InheritedProperties;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.env.Environment;

/**
 * Reads {@code grpc.servers.<name>.*}. What a name does not set is taken from {@code grpc.server.*}, property by property,
 * but for what can only be one server's: {@link #OWN}.
 */
final class ConfiguredServers {

    static final String DEFAULT_PREFIX = "grpc.server";

    private static final String NAMED_PREFIX = "grpc.servers";

    /** Where a server listens, what it serves, and whether it is there at all, it says itself. */
    private static final Set<String> OWN = Set.of("enabled", "port", "address", "services");

    /** What is said once, for all servers: under a name it would do nothing. */
    private static final List<String> COMMON =
            List.of("advice", "channelz", "health", "reflection", "shutdown", "validation");

    /** Of these, what can be on one server, which a property names. */
    private static final Set<String> ON_ONE = Set.of("channelz", "health", "reflection");

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    private final Map<String, GrpcServerProperties> servers = new LinkedHashMap<>();
    private final Map<String, GrpcServerProperties> enabled = new LinkedHashMap<>();

    /**
     * @param defaults what {@code grpc.server.*} says
     * @throws FailureAnalyzedException if a name cannot be one, or has properties that no single server has
     */
    ConfiguredServers(Environment environment, GrpcServerProperties defaults) {
        servers.put(GrpcServers.DEFAULT, defaults);
        for (String name : namesIn(environment)) {
            servers.put(name, bind(environment, name));
        }
        servers.forEach((name, properties) -> {
            if (properties.enabled()) {
                enabled.put(name, properties);
            }
        });
    }

    /** All servers, the default one first, the others in the order of their names; also those that are switched off. */
    Map<String, GrpcServerProperties> all() {
        return Collections.unmodifiableMap(servers);
    }

    /** The servers that are switched on, in the same order. */
    Map<String, GrpcServerProperties> enabled() {
        return Collections.unmodifiableMap(enabled);
    }

    /**
     * @param name one of {@link #all}
     */
    GrpcServerProperties properties(String name) {
        return Objects.requireNonNull(servers.get(name), name);
    }

    /** The full name of a server's property. */
    static String property(String server, String field) {
        return prefix(server) + '.' + field;
    }

    /** What the names of a server's properties begin with. */
    static String prefix(String server) {
        return server.equals(GrpcServers.DEFAULT) ? DEFAULT_PREFIX : NAMED_PREFIX + '.' + server;
    }

    /** Environment variables lose the dashes of a name: if another source has it with them, it is that name. */
    private static Iterable<String> namesIn(Environment environment) {
        Map<String, String> names = new TreeMap<>();
        Binder.get(environment)
                .bind(NAMED_PREFIX, Bindable.mapOf(String.class, GrpcServerProperties.class))
                .orElse(Map.of())
                .keySet()
                .forEach(name -> names.merge(
                        name.replace("-", "").toLowerCase(Locale.ROOT),
                        requireName(name),
                        (one, other) -> one.contains("-") ? one : other));
        return names.values();
    }

    private static String requireName(String name) {
        if (name.equals(GrpcServers.DEFAULT)) {
            throw new FailureAnalyzedException(
                    "The properties " + NAMED_PREFIX + "." + name + ".* are set, but the default server has those of "
                            + DEFAULT_PREFIX + ".*.",
                    "Write " + DEFAULT_PREFIX + " instead of " + NAMED_PREFIX + "." + name
                            + ", or give the server another name.");
        }
        if (!NAME.matcher(name).matches()) {
            throw new FailureAnalyzedException(
                    "'" + name + "' cannot be the name of a gRPC server, as in " + NAMED_PREFIX + "." + name + ".",
                    "Name it with lower-case letters, digits and dashes, such as 'internal'.");
        }
        return name;
    }

    private static void requireNothingCommon(Environment environment, ConfigurationPropertyName under, String group) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.containsDescendantOf(under) == ConfigurationPropertyState.PRESENT) {
                String common = DEFAULT_PREFIX + '.' + group;
                throw new FailureAnalyzedException(
                        "Properties under " + under + " are set, which a server of its own does not have: " + common
                                + ".* is for all servers.",
                        "Set " + common + ".* instead."
                                + (ON_ONE.contains(group)
                                        ? " To have it on one server only, name that in " + common + ".server."
                                        : ""));
            }
        }
    }

    private static GrpcServerProperties bind(Environment environment, String name) {
        ConfigurationPropertyName own = ConfigurationPropertyName.of(prefix(name));
        COMMON.forEach(group -> requireNothingCommon(environment, own.append(group), group));
        return InheritedProperties.bind(
                environment, own, ConfigurationPropertyName.of(DEFAULT_PREFIX), OWN, GrpcServerProperties.class);
    }
}
