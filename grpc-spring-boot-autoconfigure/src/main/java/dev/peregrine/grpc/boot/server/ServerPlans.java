// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Plans the servers that have something to serve, so that what is wrong is found before one of them listens. */
final class ServerPlans {

    private final ConfiguredServers servers;
    private final ServedBeans services;
    private final ServerTlsFactory tls;
    private final HandlerThreadsFactory threads;
    private final ServiceOptionsFactory options;

    ServerPlans(
            ConfiguredServers servers,
            ServedBeans services,
            ServerTlsFactory tls,
            HandlerThreadsFactory threads,
            ServiceOptionsFactory options) {
        this.servers = servers;
        this.services = services;
        this.tls = tls;
        this.threads = threads;
        this.options = options;
    }

    /** The names of the servers that are switched on. */
    Set<String> names() {
        return servers.enabled().keySet();
    }

    /**
     * In the order in which they start.
     *
     * @throws FailureAnalyzedException if the beans or the properties do not go together
     */
    List<ServerPlan> make() {
        List<ServedBean> all = services.bind();
        List<ServerPlan> plans = new ArrayList<>();
        new ServicePlacement(servers)
                .place(all)
                .forEach((name, placed) -> plans.add(plan(name, servers.properties(name), placed, all)));
        AddressClashes.check(plans);
        return plans;
    }

    private ServerPlan plan(
            String name, GrpcServerProperties properties, List<ServedBean> services, List<ServedBean> all) {
        List<SocketAddress> addresses = new ListenAddresses(name, properties).resolve();
        return new ServerPlan(
                name,
                properties,
                addresses,
                services,
                tls.make(name, properties.ssl(), addresses),
                threads.make(name, properties.executor()),
                options.make(name, properties, all));
    }
}
