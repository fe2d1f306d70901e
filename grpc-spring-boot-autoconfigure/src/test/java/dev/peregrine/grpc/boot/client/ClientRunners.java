// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.server.Server;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Contexts with our clients in them. */
final class ClientRunners {

    private ClientRunners() {}

    static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(GrpcClientAutoConfiguration.class));
    }

    /** With {@code grpc.client.greeter.target}. */
    static ApplicationContextRunner runner(Server server) {
        return runner().withPropertyValues("grpc.client.greeter.target=" + targetOf(server));
    }

    static String targetOf(Server server) {
        return "127.0.0.1:" + server.port();
    }
}
