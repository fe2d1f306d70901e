// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The interop server of grpc-java, as its own program starts it, but on the loopback address only. */
final class GrpcJavaServer implements AutoCloseable {

    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
    private final Server server;

    GrpcJavaServer(Security security) throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0), security.ofGrpcJavaServer())
                .maxInboundMessageSize(Payloads.MAX_MESSAGE_SIZE)
                .addService(ServerInterceptors.intercept(new TestServiceImpl(executor), TestServiceImpl.interceptors()))
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        executor.shutdownNow();
    }
}
