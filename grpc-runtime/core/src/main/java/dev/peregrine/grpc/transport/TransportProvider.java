// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ServiceLoader;

/**
 * A way to carry calls. The runtime finds the one for an address through {@link ServiceLoader}, so that servers and
 * clients need not know which it is.
 */
public interface TransportProvider {

    /**
     * Starts to accept calls.
     *
     * @throws IOException if an address cannot be bound; the message names the address
     * @throws IllegalArgumentException if this transport does not reach an address
     */
    ServerTransport listen(ListenOptions options, CallAcceptor acceptor) throws IOException;

    /** What one client channel needs to make connections; close it with the channel. */
    ClientTransport client(ConnectOptions options);

    /** Whether this way leads to addresses of this kind. */
    boolean reaches(SocketAddress address);

    /**
     * Whether messages travel far enough to be worth compressing. A transport that says so carries what belongs to that:
     * {@link CallHead#encoding}, {@link ConnectOptions#acceptEncoding}, {@link ClientStreamListener#onEncoding} and the flag
     * of each message. Its streams are {@link CompressibleServerStream}s on a server and {@link CompressibleStream}s on a
     * client. Over one that does not, calls are not compressed, whatever they ask for.
     */
    default boolean compresses() {
        return false;
    }

    /**
     * The transport for network addresses.
     *
     * @throws IllegalStateException if none is on the class path
     */
    static TransportProvider network() {
        return reaching(new InetSocketAddress(0));
    }

    /**
     * The transport for an address of this kind.
     *
     * @throws IllegalStateException if none is on the class path
     */
    static TransportProvider reaching(SocketAddress address) {
        for (TransportProvider found :
                ServiceLoader.load(TransportProvider.class, TransportProvider.class.getClassLoader())) {
            if (found.reaches(address)) {
                return found;
            }
        }
        throw new IllegalStateException("no TransportProvider for " + address + " found on the class path;"
                + " if the jars were merged into one, merge their META-INF/services files too");
    }
}
