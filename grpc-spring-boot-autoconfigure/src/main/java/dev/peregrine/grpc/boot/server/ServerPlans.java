// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsSource;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Plans the servers that have something to serve, so that what is wrong is found before one of them listens. */
final class ServerPlans {

    private final ConfiguredServers servers;
    private final ServedBeans services;
    private final ServerTlsFactory tls;
    private final HandlerThreadsFactory threads;
    private final ServiceOptionsFactory options;
    private final ServerEncodings encodings;

    ServerPlans(
            ConfiguredServers servers,
            ServedBeans services,
            ServerTlsFactory tls,
            HandlerThreadsFactory threads,
            ServiceOptionsFactory options,
            ServerEncodings encodings) {
        this.servers = servers;
        this.services = services;
        this.tls = tls;
        this.threads = threads;
        this.options = options;
        this.encodings = encodings;
    }

    /**
     * In the order in which they start.
     *
     * @throws FailureAnalyzedException if the beans or the properties do not go together
     */
    List<ServerPlan> make() {
        List<ServedBean> all = services.bind();
        List<ServerPlan> plans = new ArrayList<>();
        try {
            new ServicePlacement(servers)
                    .place(all)
                    .forEach((name, placed) -> plans.add(plan(name, servers.properties(name), placed, all)));
            AddressClashes.check(plans);
            return plans;
        } catch (RuntimeException | Error failure) {
            plans.forEach(plan -> plan.threads().release().run());
            throw failure;
        }
    }

    private ServerPlan plan(
            String name, GrpcServerProperties properties, List<ServedBean> services, List<ServedBean> all) {
        List<SocketAddress> addresses = new ListenAddresses(name, properties).resolve();
        @Nullable TlsSource<ServerTls> secured = tls.make(name, properties.ssl(), addresses);
        ServiceOptions ofServices = options.make(name, properties, all);
        MessageEncodings chosen = encodings.choose(name, properties);
        HandlerThreads running = threads.make(name, properties.executor()); // Last, as they would have to be released.
        return new ServerPlan(name, properties, addresses, services, secured, ofServices, chosen, running);
    }
}
