// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.net.SocketAddress;
import java.util.List;

/** A server listens. Published for each one when all do, on the thread that starts the context. */
public final class GrpcServerStartedEvent extends GrpcServerEvent {

    private static final long serialVersionUID = 1L;

    GrpcServerStartedEvent(GrpcServers servers, String name, List<SocketAddress> addresses) {
        super(servers, name, addresses);
    }
}
