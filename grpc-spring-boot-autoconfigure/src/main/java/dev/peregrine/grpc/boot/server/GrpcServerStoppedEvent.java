// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.net.SocketAddress;
import java.util.List;

/**
 * A server has ended: it has neither calls nor connections any more. Published on a thread of the server's own, while the
 * context, which waits for it, is being stopped; not if the context failed to start.
 */
public final class GrpcServerStoppedEvent extends GrpcServerEvent {

    private static final long serialVersionUID = 1L;

    GrpcServerStoppedEvent(GrpcServers servers, String name, List<SocketAddress> addresses) {
        super(servers, name, addresses);
    }
}
