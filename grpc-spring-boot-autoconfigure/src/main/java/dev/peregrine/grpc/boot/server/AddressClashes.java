// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.Addresses;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Finds two servers that want the same address before one of them fails to get it. */
final class AddressClashes {

    private AddressClashes() {}

    /**
     * Compares all with all. Port 0 clashes with nothing.
     *
     * @throws FailureAnalyzedException if two want the same
     */
    static void check(List<ServerPlan> plans) {
        for (int i = 0; i < plans.size(); i++) {
            for (int j = i + 1; j < plans.size(); j++) {
                check(plans.get(i), plans.get(j));
            }
        }
    }

    private static void check(ServerPlan one, ServerPlan other) {
        for (SocketAddress address : one.addresses()) {
            for (SocketAddress candidate : other.addresses()) {
                if (clash(address, candidate)) {
                    throw new FailureAnalyzedException(
                            "The gRPC servers '" + one.name() + "' and '" + other.name() + "' want the same "
                                    + (address.equals(candidate) ? "address, " : "port, on ")
                                    + Addresses.text(address)
                                    + (address.equals(candidate) ? "." : " and " + Addresses.text(candidate) + "."),
                            "Change " + ConfiguredServers.property(one.name(), "port") + " or "
                                    + ConfiguredServers.property(other.name(), "port")
                                    + ", or their addresses; 0 takes a free port.");
                }
            }
        }
    }

    private static boolean clash(SocketAddress one, SocketAddress other) {
        if (one instanceof InetSocketAddress mine && other instanceof InetSocketAddress theirs) {
            return mine.getPort() == theirs.getPort()
                    && mine.getPort() != 0
                    && (mine.getAddress().isAnyLocalAddress()
                            || theirs.getAddress().isAnyLocalAddress()
                            || mine.getAddress().equals(theirs.getAddress()));
        }
        return one.equals(other);
    }
}
