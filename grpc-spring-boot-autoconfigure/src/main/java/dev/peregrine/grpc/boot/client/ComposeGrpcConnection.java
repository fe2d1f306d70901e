// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.ssl.SslBundle;

/**
 * Points clients at a service of Docker Compose with the label {@code org.springframework.boot.service-connection: grpc};
 * {@link ServiceLabels} has the others. Docker Compose support is a dependency that applications may do without.
 */
final class ComposeGrpcConnection extends DockerComposeConnectionDetailsFactory<GrpcConnectionDetails> {

    ComposeGrpcConnection() {
        super(ServiceLabels.CONNECTION);
    }

    @Override
    protected GrpcConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
        return new Details(source.getRunningService());
    }

    private static final class Details extends DockerComposeConnectionDetails implements GrpcConnectionDetails {

        private final Set<String> clients;
        private final String target;
        private final @Nullable SslBundle sslBundle;

        Details(RunningService service) {
            super(service);
            this.clients = ServiceLabels.clients(service.labels());
            int port = ServiceLabels.port(service.name(), service.labels());
            this.target = service.host() + ":" + service.ports().get(port);
            this.sslBundle = getSslBundle(service);
        }

        @Override
        public Set<String> getClients() {
            return clients;
        }

        @Override
        public String getTarget() {
            return target;
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return sslBundle;
        }
    }
}
