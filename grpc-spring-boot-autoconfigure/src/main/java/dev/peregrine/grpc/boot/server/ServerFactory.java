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
    private final GuardBeans guards;

    ServerFactory(
            ObjectProvider<GrpcServerCustomizer> customizers,
            ObjectProvider<ServiceDescriber> describers,
            GuardBeans guards) {
        this.customizers = customizers;
        this.describers = describers;
        this.guards = guards;
    }

    /**
     * There are no more servers to make.
     *
     * @throws FailureAnalyzedException if those there are must not go on
     */
    void requireComplete() {
        guards.requireComplete();
    }

    /**
     * A server that listens.
     *
     * @throws FailureAnalyzedException if the beans, the addresses or the machine do not allow it
     */
    Server start(ServerPlan plan) {
        String name = plan.name();
        Server.Builder server = plan.builder();
        EveryMethod every = new EveryMethod(server.services(), plan.options().chainOfNoBean(), guards);
        customizers.orderedStream().forEach(customizer -> customizer.customize(name, server));
        describers
                .orderedStream()
                .flatMap(describer -> describer.describe(name, server.services()).stream())
                .forEach(service -> {
                    every.exempt(service);
                    server.service(service, plan.options().ofNoBean());
                });
        server.methodOptions(every);
        try {
            return server.start();
        } catch (IOException | IllegalArgumentException | IllegalStateException failure) {
            throw StartFailures.explain(plan, failure);
        }
    }
}
