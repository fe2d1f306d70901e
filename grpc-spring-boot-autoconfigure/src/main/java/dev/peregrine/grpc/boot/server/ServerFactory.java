// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Makes servers of their plans, customizers and describers, in this order. */
final class ServerFactory {

    private final ObjectProvider<GrpcServerCustomizer> customizers;
    private final ObjectProvider<ServiceDescriber> describers;

    ServerFactory(ObjectProvider<GrpcServerCustomizer> customizers, ObjectProvider<ServiceDescriber> describers) {
        this.customizers = customizers;
        this.describers = describers;
    }

    /**
     * A server that listens.
     *
     * @throws FailureAnalyzedException if the beans, the addresses or the machine do not allow it
     */
    Server start(ServerPlan plan) {
        String name = plan.name();
        Server.Builder server = plan.builder();
        UnplannedServices unplanned =
                new UnplannedServices(server.services(), plan.options().chainOfNoBean());
        server.interceptor(unplanned);
        customizers.orderedStream().forEach(customizer -> customizer.customize(name, server));
        describers
                .orderedStream()
                .flatMap(describer -> describer.describe(name, server.services()).stream())
                .forEach(service -> {
                    unplanned.exempt(service);
                    server.service(service, plan.options().ofNoBean());
                });
        try {
            return server.start();
        } catch (IOException | IllegalArgumentException | IllegalStateException failure) {
            throw StartFailures.explain(plan, failure);
        }
    }
}
