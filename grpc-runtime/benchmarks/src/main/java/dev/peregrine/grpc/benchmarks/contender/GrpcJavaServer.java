// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A server of grpc-java, and the way to it. */
record GrpcJavaServer(Server server) implements Contender.EchoServer {

    private static final int SECONDS_TO_CLOSE = 10;

    static GrpcJavaServer start(NettyServerBuilder builder) throws IOException {
        return new GrpcJavaServer(builder.addService(GrpcJava.service()).build().start());
    }

    static NettyServerBuilder onLoopback() {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    static NettyChannelBuilder channelTo(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext();
    }

    static void close(ManagedChannel channel) {
        try {
            channel.shutdownNow().awaitTermination(SECONDS_TO_CLOSE, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        try {
            server.shutdownNow().awaitTermination(SECONDS_TO_CLOSE, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
