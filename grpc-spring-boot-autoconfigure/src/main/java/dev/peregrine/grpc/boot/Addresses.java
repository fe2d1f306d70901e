// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.OptionalInt;

/** Addresses as people read them. */
public final class Addresses {

    private Addresses() {}

    /** The numbers of a network address with its port, IPv6 in brackets; other addresses as they call themselves. */
    public static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress network && network.getAddress() != null) {
            String host = network.getAddress().getHostAddress();
            return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + network.getPort();
        }
        return address.toString();
    }

    /** The port of the first network address, if there is one. */
    public static OptionalInt port(Collection<SocketAddress> addresses) {
        return addresses.stream()
                .filter(InetSocketAddress.class::isInstance)
                .mapToInt(address -> ((InetSocketAddress) address).getPort())
                .findFirst();
    }
}
