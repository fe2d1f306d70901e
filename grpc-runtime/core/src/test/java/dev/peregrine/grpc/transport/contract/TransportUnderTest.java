// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.transport.TransportProvider;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * How to listen and how to connect over one transport.
 *
 * @param name for the reports
 * @param provider the transport
 * @param address where a new server listens
 * @param target what a channel calls the address that a server listens on
 * @param servers what else a server needs, as certificates
 * @param channels what else a channel needs
 */
record TransportUnderTest(
        String name,
        TransportProvider provider,
        Supplier<SocketAddress> address,
        Function<SocketAddress, String> target,
        UnaryOperator<Server.Builder> servers,
        UnaryOperator<ManagedChannel.Builder> channels) {

    static TransportUnderTest of(String name, TransportProvider provider, Supplier<SocketAddress> address) {
        return new TransportUnderTest(
                name, provider, address, TransportUnderTest::text, UnaryOperator.identity(), UnaryOperator.identity());
    }

    TransportUnderTest withTarget(Function<SocketAddress, String> target) {
        return new TransportUnderTest(name, provider, address, target, servers, channels);
    }

    TransportUnderTest withServers(UnaryOperator<Server.Builder> servers) {
        return new TransportUnderTest(name, provider, address, target, servers, channels);
    }

    TransportUnderTest withChannels(UnaryOperator<ManagedChannel.Builder> channels) {
        return new TransportUnderTest(name, provider, address, target, servers, channels);
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress network
                ? network.getHostString() + ':' + network.getPort()
                : address.toString();
    }

    @Override
    public String toString() {
        return name;
    }
}
