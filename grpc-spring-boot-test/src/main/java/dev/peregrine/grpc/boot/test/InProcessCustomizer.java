// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.boot.server.GrpcServers;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Writes addresses and targets over those that are configured, before the application is set up. Equal ones may share a
 * cached context.
 *
 * @param clients those that shall call the server; empty for all
 * @param server the name of the server that they call
 */
record InProcessCustomizer(Set<String> clients, String server) implements ContextCustomizer {

    /** What counts for all clients, and the switch for them: what else stands under {@code grpc.client} is a client. */
    private static final String ALL_CLIENTS = "default";

    private static final String SWITCH = "enabled";

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        ConfigurableEnvironment environment = context.getEnvironment();
        Map<String, Object> properties = new LinkedHashMap<>();
        Map<String, String> targets = new LinkedHashMap<>();
        targets.put(GrpcServers.DEFAULT, listen("grpc.server", properties));
        for (String named : namesUnder("grpc.servers", environment)) {
            targets.put(named, listen("grpc.servers." + named, properties));
        }
        String target = targets.get(server);
        if (target == null) {
            throw new IllegalArgumentException("@AutoConfigureInProcessGrpc(server = \"" + server
                    + "\") names no server (there are: " + targets.keySet() + ")");
        }
        Set<String> redirected = new LinkedHashSet<>(clients);
        if (redirected.isEmpty()) {
            redirected.add(ALL_CLIENTS);
            redirected.addAll(namesUnder("grpc.client", environment));
            redirected.remove(SWITCH);
        }
        for (String client : redirected) {
            properties.put("grpc.client." + client + ".target", target);
            properties.put("grpc.client." + client + ".ssl.enabled", "false");
            properties.put("grpc.client." + client + ".proxy.host", "");
            properties.put("grpc.client." + client + ".proxy.from-environment", "false");
        }
        environment.getPropertySources().addFirst(new MapPropertySource("grpcInProcess", properties));
    }

    private static String listen(String prefix, Map<String, Object> properties) {
        String address = InProcessAddress.unique("test").toString();
        properties.put(prefix + ".address", address);
        properties.put(prefix + ".ssl.enabled", "false");
        return address;
    }

    private static Set<String> namesUnder(String prefix, ConfigurableEnvironment environment) {
        return Binder.get(environment)
                .bind(prefix, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet();
    }
}
