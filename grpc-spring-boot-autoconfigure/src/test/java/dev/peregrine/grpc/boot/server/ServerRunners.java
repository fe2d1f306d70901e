// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Contexts with our server in them. */
final class ServerRunners {

    private ServerRunners() {}

    /** On a free port of the loopback interface. */
    static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(GrpcServerAutoConfiguration.class))
                .withPropertyValues("grpc.server.address=127.0.0.1", "grpc.server.port=0");
    }
}
