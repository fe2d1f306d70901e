// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.naming;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** In which order the addresses of a host are tried. */
final class AddressOrder {

    private AddressOrder() {}

    /**
     * Takes turns between IPv6 and IPv4, beginning with the family that stands first, and keeps the order within each
     * (RFC 8305 §4): where one family is broken, the second attempt already uses the other.
     */
    static List<InetAddress> interleave(List<InetAddress> resolved) {
        Deque<InetAddress> ours = new ArrayDeque<>();
        Deque<InetAddress> other = new ArrayDeque<>();
        for (InetAddress address : resolved) {
            boolean first = address instanceof Inet6Address == resolved.get(0) instanceof Inet6Address;
            (first ? ours : other).add(address);
        }
        List<InetAddress> ordered = new ArrayList<>(resolved.size());
        while (!ours.isEmpty() || !other.isEmpty()) {
            if (!ours.isEmpty()) {
                ordered.add(ours.remove());
            }
            if (!other.isEmpty()) {
                ordered.add(other.remove());
            }
        }
        return ordered;
    }
}
