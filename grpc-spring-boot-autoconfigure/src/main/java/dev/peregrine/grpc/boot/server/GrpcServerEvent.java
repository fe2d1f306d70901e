// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.Addresses;
import java.net.SocketAddress;
import java.util.List;
import java.util.OptionalInt;
import org.springframework.context.ApplicationEvent;

/** Something happened to one of the {@link GrpcServers}. */
public abstract sealed class GrpcServerEvent extends ApplicationEvent
        permits GrpcServerStartedEvent, GrpcServerStoppedEvent {

    private static final long serialVersionUID = 1L;

    private final String name;
    private final transient List<SocketAddress> addresses;

    GrpcServerEvent(GrpcServers servers, String name, List<SocketAddress> addresses) {
        super(servers);
        this.name = name;
        this.addresses = List.copyOf(addresses);
    }

    @Override
    public GrpcServers getSource() {
        return (GrpcServers) super.getSource();
    }

    /** The server's name; {@link GrpcServers#DEFAULT} for the one of {@code grpc.server.*}. */
    public String getName() {
        return name;
    }

    /** Where it listens, or has listened. */
    public List<SocketAddress> getAddresses() {
        return addresses;
    }

    /** The port of the first network address, if there is one. */
    public OptionalInt getPort() {
        return Addresses.port(addresses);
    }
}
