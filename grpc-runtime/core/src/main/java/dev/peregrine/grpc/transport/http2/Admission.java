// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.Limits;
import io.netty.channel.Channel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who may have a connection to a server: counts them, all together and for each address. A place is bound to its socket
 * and given back when that is closed, whatever became of the connection. The counts are exact, from whatever thread.
 */
@AnyThread
final class Admission {

    private final Limits limits;
    private final boolean addressesAreTold;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> openByAddress = new ConcurrentHashMap<>();

    /**
     * @param addressesAreTold whether sockets come from proxies, which tell the addresses that count: see {@link #told}
     */
    Admission(Limits limits, boolean addressesAreTold) {
        this.limits = limits;
        this.addressesAreTold = addressesAreTold;
    }

    /** Gives a socket that was just accepted its place; or else the reason why there is none, and the socket is to go. */
    @Nullable
    String accepted(Channel socket) {
        if (!takePlace()) {
            return "the server has " + limits.maxConnections() + " connections, as many as maxConnections allows";
        }
        InetAddress address = addressesAreTold ? null : addressOf(socket.remoteAddress());
        if (address != null && !takePlaceOf(address)) {
            open.decrementAndGet();
            return tooMany(address);
        }
        socket.closeFuture().addListener(closed -> {
            open.decrementAndGet();
            if (address != null) {
                giveBackPlaceOf(address);
            }
        });
        return null;
    }

    /** A proxy has told who is behind this socket; returns a reason if that one may have no more, and the socket is to go. */
    @Nullable
    String told(Channel socket, SocketAddress client) {
        InetAddress address = addressOf(client);
        if (address == null) {
            return null;
        }
        if (!takePlaceOf(address)) {
            return tooMany(address);
        }
        socket.closeFuture().addListener(closed -> giveBackPlaceOf(address));
        return null;
    }

    /** How many sockets have a place. */
    int open() {
        return open.get();
    }

    /** For how many addresses something is kept. */
    int addresses() {
        return openByAddress.size();
    }

    private boolean takePlace() {
        int before = open.get();
        while (before < limits.maxConnections()) {
            int seen = open.compareAndExchange(before, before + 1);
            if (seen == before) {
                return true;
            }
            before = seen;
        }
        return false;
    }

    private boolean takePlaceOf(InetAddress address) {
        int limit = limits.maxConnectionsPerAddress();
        boolean[] taken = {false};
        openByAddress.compute(address, (key, count) -> {
            int before = count == null ? 0 : count;
            taken[0] = before < limit;
            return taken[0] ? before + 1 : count;
        });
        return taken[0];
    }

    private void giveBackPlaceOf(InetAddress address) {
        openByAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    private String tooMany(InetAddress address) {
        String from = address.getHostAddress();
        return (address instanceof Inet6Address v6 && !v6.isLinkLocalAddress() ? "the network " + from + "/64" : from)
                + " has " + limits.maxConnectionsPerAddress()
                + " connections, as many as maxConnectionsPerAddress allows";
    }

    /**
     * Who counts as one: an address, or in IPv6 the 64 bits of it that name a network, for whoever has a network has all of
     * its addresses (RFC 4291 §2.5.4). On a link they tell nobody from anybody, so there the whole address counts.
     *
     * @return null for unix sockets: they have no address, and who may use them is the file system's business
     */
    private static @Nullable InetAddress addressOf(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress network)) {
            return null;
        }
        return network.getAddress() instanceof Inet6Address v6 && !v6.isLinkLocalAddress()
                ? networkOf(v6)
                : network.getAddress();
    }

    private static InetAddress networkOf(Inet6Address address) {
        try {
            return Inet6Address.getByAddress(null, Arrays.copyOf(Arrays.copyOf(address.getAddress(), 8), 16), -1);
        } catch (UnknownHostException impossible) { // Sixteen bytes are an address.
            throw new IllegalStateException(impossible);
        }
    }
}
