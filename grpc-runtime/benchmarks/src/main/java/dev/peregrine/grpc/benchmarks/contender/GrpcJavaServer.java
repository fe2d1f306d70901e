// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A server of grpc-java, and the way to it. */
record GrpcJavaServer(Server server) implements Contender.EchoServer {

    private static final int SECONDS_TO_CLOSE = 10;

    static GrpcJavaServer start(NettyServerBuilder builder) throws IOException {
        return new GrpcJavaServer(builder.addService(GrpcJava.service()).build().start());
    }

    static NettyServerBuilder onLoopback() throws IOException {
        NettyServerBuilder server =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Security security = Security.ofThisProcess();
        return security.tls() == Security.Tls.OFF
                ? server
                : server.sslContext(GrpcSslContexts.configure(
                                SslContextBuilder.forServer(
                                        security.certificate().toFile(),
                                        security.key().toFile()),
                                provider(security))
                        .build());
    }

    static NettyChannelBuilder channelTo(int port) {
        NettyChannelBuilder channel = NettyChannelBuilder.forAddress("127.0.0.1", port);
        Security security = Security.ofThisProcess();
        if (security.tls() == Security.Tls.OFF) {
            return channel.usePlaintext();
        }
        try {
            return channel.overrideAuthority(Security.SERVER_NAME)
                    .sslContext(GrpcSslContexts.configure(
                                    SslContextBuilder.forClient()
                                            .trustManager(security.certificate().toFile()),
                                    provider(security))
                            .build());
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    private static SslProvider provider(Security security) {
        return security.tls() == Security.Tls.JDK ? SslProvider.JDK : SslProvider.OPENSSL;
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
