// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.policy.ServicePattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Decides which service is on which server: on every server that its {@link GrpcService#servers()} names or whose
 * {@code services} patterns match its full name, and if there is none, on the default one. Servers that are switched off count
 * here, so that what was meant for them does not turn up elsewhere. A server that has nothing but services of the
 * infrastructure which are everywhere, such as health, does not start.
 */
final class ServicePlacement {

    private static final Log log = LogFactory.getLog(ServicePlacement.class);

    private final ConfiguredServers servers;

    ServicePlacement(ConfiguredServers servers) {
        this.servers = servers;
    }

    /**
     * The services of each server that is switched on and has something to serve.
     *
     * @throws FailureAnalyzedException if a bean names a server that there is not, or a server would have a service twice
     */
    Map<String, List<ServedBean>> place(List<ServedBean> beans) {
        Map<String, List<ServedBean>> placed = new LinkedHashMap<>();
        servers.all().keySet().forEach(server -> placed.put(server, new ArrayList<>()));
        for (ServedBean bean : beans) {
            requireKnown(bean, servers.all().keySet());
            for (String server : serversOf(bean)) {
                placed.computeIfAbsent(server, any -> new ArrayList<>()).add(bean);
            }
        }
        placed.keySet().retainAll(servers.enabled().keySet());
        placed.forEach(ServicePlacement::requireEachOnce);
        placed.entrySet()
                .removeIf(server -> server.getValue().stream()
                        .noneMatch(bean -> isWanted(bean, servers.properties(server.getKey()))));
        tellOfIdleServers(placed.keySet());
        warnOfPatternsWithoutService(beans);
        return placed;
    }

    private Set<String> serversOf(ServedBean bean) {
        if (bean.servers().contains(GrpcServers.ALL)) {
            return servers.all().keySet();
        }
        Set<String> found = new LinkedHashSet<>(bean.servers());
        servers.all().forEach((name, properties) -> {
            if (matches(properties, bean)) {
                found.add(name);
            }
        });
        return found.isEmpty() ? Set.of(GrpcServers.DEFAULT) : found;
    }

    private static boolean matches(GrpcServerProperties server, ServedBean bean) {
        return server.servicePatterns().stream()
                .anyMatch(pattern -> pattern.matches(bean.definition().name()));
    }

    private void tellOfIdleServers(Set<String> busy) {
        for (String server : servers.enabled().keySet()) {
            if (busy.contains(server)) {
                continue;
            }
            if (!server.equals(GrpcServers.DEFAULT)) {
                log.warn("The gRPC server '" + server + "' is configured, but there is nothing to serve: it is not"
                        + " started. Annotate a service with @GrpcService(servers = \"" + server
                        + "\"), name services in " + ConfiguredServers.property(server, "services") + ", or set "
                        + ConfiguredServers.property(server, "enabled") + " to false.");
            } else if (busy.isEmpty()) {
                log.debug("The default gRPC server is not started: there is no @GrpcService bean for it");
            } else {
                log.info("All services are on the gRPC servers " + String.join(", ", busy) + ": the default server is"
                        + " not started. To have services there too, name them in "
                        + ConfiguredServers.property(server, "services") + ".");
            }
        }
    }

    /** Health, for one, is on every server, and no reason to start one, unless it is meant to be just there. */
    private static boolean isWanted(ServedBean bean, GrpcServerProperties server) {
        return !bean.infrastructure() || !bean.servers().contains(GrpcServers.ALL) || matches(server, bean);
    }

    private static void requireKnown(ServedBean bean, Set<String> known) {
        for (String server : bean.servers()) {
            if (!server.equals(GrpcServers.ALL) && !known.contains(server)) {
                throw new FailureAnalyzedException(
                        "The bean '" + bean.name() + "' is annotated with @GrpcService(servers = \"" + server
                                + "\"), but there is no such server. There are: " + String.join(", ", known) + ".",
                        "Set grpc.servers." + server + ".port, or name one of those there are.");
            }
        }
    }

    private static void requireEachOnce(String server, List<ServedBean> services) {
        Map<String, String> beanOfService = new HashMap<>();
        for (ServedBean bean : services) {
            String service = bean.definition().name();
            String other = beanOfService.putIfAbsent(service, bean.name());
            if (other != null) {
                throw new FailureAnalyzedException(
                        "The service '" + service + "' is offered by two beans on the gRPC server '" + server + "', '"
                                + other + "' and '" + bean.name() + "'.",
                        "Remove @GrpcService from one of them, or put them on different servers: a server answers each"
                                + " service with one bean.");
            }
        }
    }

    private void warnOfPatternsWithoutService(List<ServedBean> beans) {
        List<String> services =
                beans.stream().map(bean -> bean.definition().name()).toList();
        servers.enabled().forEach((server, properties) -> {
            for (ServicePattern pattern : properties.servicePatterns()) {
                if (services.stream().noneMatch(pattern::matches)) {
                    log.warn("'" + pattern.text() + "' in " + ConfiguredServers.property(server, "services")
                            + " matches no service. There are: " + String.join(", ", services) + ".");
                }
            }
        });
    }
}
