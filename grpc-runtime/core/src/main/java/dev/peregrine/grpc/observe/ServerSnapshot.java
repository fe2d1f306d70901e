// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.observe;

import java.net.SocketAddress;
import java.util.List;

/**
 * A server.
 *
 * @param id a number that nothing else in this process has
 * @param addresses where it listens
 * @param transport its connections
 */
public record ServerSnapshot(long id, List<SocketAddress> addresses, TransportSnapshot transport) {

    public ServerSnapshot {
        addresses = List.copyOf(addresses);
    }
}
