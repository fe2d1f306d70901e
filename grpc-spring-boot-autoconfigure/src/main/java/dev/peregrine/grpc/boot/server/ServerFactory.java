// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.AnnotatedBeans;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServerInterceptor;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Makes a server of properties, services, interceptors and customizers, in this order. */
final class ServerFactory {

    private final GrpcServerProperties properties;
    private final ListableBeanFactory beans;
    private final ObjectProvider<ServerInterceptor> globalInterceptors;
    private final ObjectProvider<GrpcServerCustomizer> customizers;

    ServerFactory(
            GrpcServerProperties properties,
            ListableBeanFactory beans,
            ObjectProvider<ServerInterceptor> globalInterceptors,
            ObjectProvider<GrpcServerCustomizer> customizers) {
        this.properties = properties;
        this.beans = beans;
        this.globalInterceptors = globalInterceptors;
        this.customizers = customizers;
    }

    /**
     * A server that listens; null if there is nothing to serve.
     *
     * @throws FailureAnalyzedException if the beans or the address do not allow it
     */
    @Nullable
    Server start() {
        List<ServiceDefinition> services = new ServedBeans(beans).bind();
        if (services.isEmpty()) {
            return null;
        }
        Server.Builder server =
                Server.builder().address(properties.listenAddress()).limits(properties.limits());
        services.forEach(server::service);
        AnnotatedBeans.names(beans, GrpcGlobalServerInterceptor.class, ServerInterceptor.class);
        globalInterceptors.orderedStream().forEach(server::interceptor);
        customizers.orderedStream().forEach(customizer -> customizer.customize(server));
        try {
            return server.start();
        } catch (IOException failure) {
            throw new FailureAnalyzedException(
                    "The gRPC server does not start: " + failure.getMessage() + ".",
                    "If another process listens there, stop it, or choose another port with grpc.server.port (0 takes a"
                            + " free one). If the address is not one of this machine, correct grpc.server.address.",
                    failure);
        }
    }
}
