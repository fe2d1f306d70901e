// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.policy.MethodPolicies;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Makes servers of properties, services, interceptors and customizers, in this order. */
final class ServerFactory {

    private final ConfiguredServers servers;
    private final ConfigurableListableBeanFactory beans;
    private final ObjectProvider<GrpcServerCustomizer> customizers;

    ServerFactory(
            ConfiguredServers servers,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<GrpcServerCustomizer> customizers) {
        this.servers = servers;
        this.beans = beans;
        this.customizers = customizers;
    }

    /** The names of the servers that are switched on. */
    Set<String> names() {
        return servers.enabled().keySet();
    }

    /**
     * Starts each server that has something to serve.
     *
     * @param started is given each of them as soon as it listens, with its name; also if a later one fails
     * @throws FailureAnalyzedException if the beans or the addresses do not allow it
     */
    void start(BiConsumer<String, Server> started) {
        List<ServedBean> all = new ServedBeans(beans).bind();
        Map<String, List<ServedBean>> services = new ServicePlacement(servers).place(all);
        Map<String, List<SocketAddress>> addresses = new LinkedHashMap<>();
        services.keySet().forEach(name -> addresses.put(name, new ListenAddresses(name, properties(name)).resolve()));
        AddressClashes.check(addresses);
        addresses.forEach((name, where) -> started.accept(name, start(name, where, services.get(name), all)));
    }

    private GrpcServerProperties properties(String server) {
        return servers.enabled().get(server);
    }

    private Server start(String name, List<SocketAddress> addresses, List<ServedBean> services, List<ServedBean> all) {
        GrpcServerProperties properties = properties(name);
        Server.Builder server = Server.builder().limits(properties.limits().toLimits());
        addresses.forEach(server::address);
        ServiceOptions options = options(name, all);
        services.forEach(service -> server.service(service.definition(), options.of(service)));
        customizers.orderedStream().forEach(customizer -> customizer.customize(name, server));
        try {
            return server.start();
        } catch (IOException failure) {
            throw new FailureAnalyzedException(
                    "The gRPC server" + GrpcServers.quoted(name) + " does not start: " + failure.getMessage() + ".",
                    "If another process listens there, stop it, or choose another port with "
                            + ConfiguredServers.property(name, "port") + " (0 takes a free one). If the address is not"
                            + " one of this machine, correct " + ConfiguredServers.property(name, "address") + ".",
                    failure);
        }
    }

    private ServiceOptions options(String server, List<ServedBean> all) {
        InterceptorBeans interceptors = new InterceptorBeans(beans);
        List<ServerInterceptor> ofServer = properties(server).interceptors().stream()
                .map(bean -> interceptors.named(bean, ConfiguredServers.property(server, "interceptors")))
                .toList();
        MethodPolicies policies = new MethodPolicies(
                ConfiguredServers.property(server, "methods"),
                properties(server).methods(),
                properties(server).overload(),
                all.stream().map(ServedBean::definition).toList());
        return new ServiceOptions(beans, interceptors, ofServer, policies);
    }
}
