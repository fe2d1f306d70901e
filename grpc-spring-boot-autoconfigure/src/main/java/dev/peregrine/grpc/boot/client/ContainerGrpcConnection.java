// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.testcontainers.containers.GenericContainer;

/**
 * Points clients at a container of Testcontainers with {@code @ServiceConnection(name = "grpc")}; {@link ServiceLabels} has
 * the labels that say more. Testcontainers is a dependency that applications may do without.
 */
final class ContainerGrpcConnection
        extends ContainerConnectionDetailsFactory<GenericContainer<?>, GrpcConnectionDetails> {

    ContainerGrpcConnection() {
        super(ServiceLabels.CONNECTION);
    }

    @Override
    protected GrpcConnectionDetails getContainerConnectionDetails(
            ContainerConnectionSource<GenericContainer<?>> source) {
        return new Details(source);
    }

    /** A container knows its ports once it runs, so everything is asked for late. */
    private static final class Details extends ContainerConnectionDetails<GenericContainer<?>>
            implements GrpcConnectionDetails {

        Details(ContainerConnectionSource<GenericContainer<?>> source) {
            super(source);
        }

        @Override
        public Set<String> getClients() {
            return ServiceLabels.clients(getContainer().getLabels());
        }

        @Override
        public String getTarget() {
            GenericContainer<?> container = getContainer();
            int port = ServiceLabels.port(container.getDockerImageName(), container.getLabels());
            return container.getHost() + ":" + container.getMappedPort(port);
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return super.getSslBundle();
        }
    }
}
