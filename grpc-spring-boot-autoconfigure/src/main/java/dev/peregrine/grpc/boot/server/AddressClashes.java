// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Finds two servers that want the same address before one of them fails to get it. */
final class AddressClashes {

    private AddressClashes() {}

    /**
     * @throws FailureAnalyzedException if there are such
     */
    static void check(Map<String, List<SocketAddress>> addressesOfServers) {
        List<Map.Entry<String, List<SocketAddress>>> servers = List.copyOf(addressesOfServers.entrySet());
        for (int i = 0; i < servers.size(); i++) {
            for (int j = i + 1; j < servers.size(); j++) {
                check(servers.get(i), servers.get(j));
            }
        }
    }

    private static void check(
            Map.Entry<String, List<SocketAddress>> one, Map.Entry<String, List<SocketAddress>> other) {
        for (SocketAddress address : one.getValue()) {
            for (SocketAddress candidate : other.getValue()) {
                if (clash(address, candidate)) {
                    throw new FailureAnalyzedException(
                            "The gRPC servers '" + one.getKey() + "' and '" + other.getKey() + "' both listen on "
                                    + text(address) + ".",
                            "Change " + ConfiguredServers.property(one.getKey(), "port") + " or "
                                    + ConfiguredServers.property(other.getKey(), "port")
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

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress network ? "port " + network.getPort() : address.toString();
    }
}
