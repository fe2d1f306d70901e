// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import dev.peregrine.grpc.boot.InheritedProperties;
import dev.peregrine.grpc.boot.tokens.CredentialsProperties.Mechanism;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.env.Environment;

/**
 * Reads {@code grpc.client.<name>.credentials}. What a name does not set the default does, property by property; but the mechanism
 * counts as a whole: a client that sets one of its own has no other, whatever the default says.
 */
final class CredentialsSettings {

    private static final Bindable<CredentialsProperties> PROPERTIES = Bindable.of(CredentialsProperties.class);

    private final Environment environment;

    CredentialsSettings(Environment environment) {
        this.environment = environment;
    }

    /** What a client is to say who it is, and how. */
    record Chosen(Mechanism mechanism, CredentialsProperties properties) {}

    /**
     * @return null if calls are sent without credentials
     * @throws FailureAnalyzedException if there are several mechanisms to choose from
     */
    @Nullable
    Chosen of(String client) {
        ConfigurationPropertyName name = under(client);
        CredentialsProperties merged =
                InheritedProperties.bind(environment, name, under("default"), Set.of(), CredentialsProperties.class);
        Set<Mechanism> own = Binder.get(environment)
                .bindOrCreate(name, PROPERTIES, BindHandler.DEFAULT)
                .mechanisms();
        Set<Mechanism> all = own.isEmpty() ? merged.mechanisms() : own;
        if (!merged.enabled() || all.isEmpty()) {
            return null;
        }
        if (all.size() > 1) {
            throw several(client, own.isEmpty() ? "default" : client, all);
        }
        return new Chosen(all.iterator().next(), merged);
    }

    /** The full name of a property. */
    static String property(String client, String property) {
        return "grpc.client." + client + ".credentials." + property;
    }

    private static FailureAnalyzedException several(String client, String owner, Set<Mechanism> all) {
        return new FailureAnalyzedException(
                "The gRPC client '" + client + "' has several credentials, and a call carries one: "
                        + all.stream()
                                .map(mechanism -> property(owner, mechanism.property()))
                                .collect(Collectors.joining(", "))
                        + ".",
                "Keep one of them. One that is set for the client alone replaces that of grpc.client.default.");
    }

    private static ConfigurationPropertyName under(String client) {
        return ConfigurationPropertyName.adapt("grpc.client." + client + ".credentials", '.');
    }
}
