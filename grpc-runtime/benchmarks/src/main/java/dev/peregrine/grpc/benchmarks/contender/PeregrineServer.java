// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server of this runtime with its defaults, and the way to it. */
record PeregrineServer(Server server) implements Contender.EchoServer {

    static PeregrineServer start(BindableService service) throws IOException {
        return new PeregrineServer(Server.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .service(service)
                .start());
    }

    static ManagedChannel channelTo(int port) {
        return ManagedChannel.builder("127.0.0.1:" + port).build();
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
