// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.TestPki;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.transport.SocketEngine;
import dev.peregrine.grpc.transport.http2.Http2Transport;
import dev.peregrine.grpc.transport.inprocess.InProcessTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The transports that keep the contract. */
final class Transports {

    private static final TestPki PKI = TestPki.named("The Contract");
    private static final TlsIdentity IDENTITY = TestPki.identity(PKI.localhost());

    static final List<TransportUnderTest> ALL = List.of(
            TransportUnderTest.of("HTTP/2 over TCP, NIO", new Http2Transport(), Transports::loopback)
                    .withServers(server -> server.socketEngine(SocketEngine.NIO))
                    .withChannels(channel -> channel.socketEngine(SocketEngine.NIO)),
            TransportUnderTest.of("HTTP/2 over TCP, the best sockets here", new Http2Transport(), Transports::loopback),
            TransportUnderTest.of("HTTP/2 over unix sockets", new Http2Transport(), Transports::socketFile)
                    .withTarget(address -> "unix:" + address),
            tls("HTTP/2 over TLS by the JDK", TlsProvider.JDK),
            tls("HTTP/2 over TLS by BoringSSL", TlsProvider.NATIVE),
            TransportUnderTest.of("in-process", new InProcessTransport(), () -> InProcessAddress.unique("contract")));

    private Transports() {}

    private static TransportUnderTest tls(String name, TlsProvider provider) {
        return TransportUnderTest.of(name, new Http2Transport(), Transports::loopback)
                .withServers(server -> server.tls(ServerTls.of(IDENTITY).withProvider(provider)))
                .withChannels(
                        channel -> channel.tls(ClientTls.trusting(PKI.trust()).withProvider(provider)));
    }

    private static SocketAddress loopback() {
        return new InetSocketAddress("127.0.0.1", 0);
    }

    /** A path nobody listens on; short, as the paths of sockets must be. */
    private static SocketAddress socketFile() {
        try {
            Path directory = Files.createTempDirectory("grpc").toRealPath();
            directory.toFile().deleteOnExit();
            return UnixDomainSocketAddress.of(directory.resolve("contract.sock"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
