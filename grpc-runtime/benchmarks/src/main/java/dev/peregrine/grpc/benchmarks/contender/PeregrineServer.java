// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.tls.TlsTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server of this runtime with its defaults, and the way to it. */
record PeregrineServer(Server server) implements Contender.EchoServer {

    static PeregrineServer start(BindableService service) throws IOException {
        Server.Builder server = Server.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .service(service);
        Security security = Security.ofThisProcess();
        if (security.tls() != Security.Tls.OFF) {
            server.tls(ServerTls.of(TlsIdentity.ofPem(security.certificate(), security.key()))
                    .withProvider(provider(security)));
        }
        return new PeregrineServer(server.start());
    }

    static ManagedChannel channelTo(int port) {
        ManagedChannel.Builder channel = ManagedChannel.builder("127.0.0.1:" + port);
        Security security = Security.ofThisProcess();
        if (security.tls() != Security.Tls.OFF) {
            channel.tls(ClientTls.trusting(trust(security)).withProvider(provider(security)))
                    .authority(Security.SERVER_NAME);
        }
        return channel.build();
    }

    private static TlsTrust trust(Security security) {
        try {
            return TlsTrust.ofPem(security.certificate());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static TlsProvider provider(Security security) {
        return security.tls() == Security.Tls.JDK ? TlsProvider.JDK : TlsProvider.NATIVE;
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
