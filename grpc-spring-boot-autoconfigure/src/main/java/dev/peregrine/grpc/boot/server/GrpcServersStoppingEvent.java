// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import org.springframework.context.ApplicationEvent;

/**
 * The servers are about to stop, and nobody outside knows yet: they still take calls, and will for
 * {@code grpc.server.shutdown.pre-drain-delay}. Published once for all of them, on the thread that closes or stops the
 * context; what a listener does here delays the shutdown.
 */
public final class GrpcServersStoppingEvent extends ApplicationEvent {

    private static final long serialVersionUID = 1L;

    GrpcServersStoppingEvent(GrpcServers servers) {
        super(servers);
    }

    @Override
    public GrpcServers getSource() {
        return (GrpcServers) super.getSource();
    }
}
