// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.HttpProxy;
import dev.peregrine.grpc.transport.KeepAlive;
import dev.peregrine.grpc.transport.ListenOptions;
import dev.peregrine.grpc.transport.ServerTransport;
import dev.peregrine.grpc.transport.SocketEngine;
import dev.peregrine.grpc.transport.TransportProvider;
import dev.peregrine.grpc.transport.Tunnel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What properties tell whoever makes a client's connections. */
@Timeout(60)
class ConnectingClientTests {

    private final ApplicationContextRunner runner =
            ClientRunners.runner().withPropertyValues("grpc.client.greeter.target=greet.example:443");

    @Test
    void aSilentServerIsAskedAsThePropertiesSay() {
        assertThat(optionsWith().keepAlive().isOn()).isFalse();
        assertThat(optionsWith(
                                "grpc.client.greeter.keepalive.time=3m",
                                "grpc.client.greeter.keepalive.timeout=7s",
                                "grpc.client.greeter.keepalive.without-calls=true")
                        .keepAlive())
                .isEqualTo(new KeepAlive(Duration.ofMinutes(3), Duration.ofSeconds(7), true));
    }

    @Test
    void socketsAreOfTheKindThatThePropertyNames() {
        assertThat(optionsWith().sockets().engine()).isNull();
        assertThat(optionsWith("grpc.client.greeter.transport=nio").sockets().engine())
                .isEqualTo(SocketEngine.NIO);
    }

    /** The build sets {@code grpc_proxy} for the tests of this module. */
    @Test
    void theProxyOfTheEnvironmentIsTakenIfThePropertySaysSo() {
        assertThat(System.getenv("grpc_proxy")).isEqualTo("http://proxy.example:3128");
        assertThat(optionsWith().tunnel()).isNull();
        assertThat(optionsWith("grpc.client.greeter.proxy.from-environment=true")
                        .tunnel())
                .isEqualTo(new Tunnel(HttpProxy.of("proxy.example", 3128), "greet.example:443"));
    }

    /** The eighth attempt comes within 50 ms of waits that grow from 1 ms, and after half a minute of those from a second. */
    @Test
    void theWaitBetweenAttemptsToConnectGrowsFromThatOfTheProperty() throws IOException {
        try (ServerSocket closing = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> attempts = CompletableFuture.runAsync(() -> closeNext(8, closing));
            runner.withPropertyValues(
                            "grpc.client.greeter.target=127.0.0.1:" + closing.getLocalPort(),
                            "grpc.client.greeter.initial-backoff=1ms",
                            "grpc.client.greeter.wait-for-ready=true",
                            "grpc.client.greeter.shutdown.grace-period=0")
                    .run(context -> {
                        CompletableFuture<HelloReply> call = Greeter.AsyncClient.create(
                                        context.getBean(GrpcChannels.class).channel("greeter"))
                                .sayHello(HelloService.request("you"))
                                .toCompletableFuture();
                        assertThat(attempts).succeedsWithin(20, TimeUnit.SECONDS);
                        assertThat(call).isNotDone();
                    });
        }
    }

    private static void closeNext(int count, ServerSocket server) {
        try {
            for (int i = 0; i < count; i++) {
                server.accept().close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private ConnectOptions optionsWith(String... properties) {
        Witness witness = new Witness(TransportProvider.network(), new ArrayList<>());
        runner.withPropertyValues(properties)
                .withBean(GrpcChannelCustomizer.class, () -> (name, channel) -> channel.transport(witness))
                .run(context -> context.getBean(GrpcChannels.class).channel("greeter"));
        assertThat(witness.told()).hasSize(1);
        return witness.told().get(0);
    }

    /** The network, and what it was told of clients. */
    private record Witness(TransportProvider network, List<ConnectOptions> told) implements TransportProvider {

        @Override
        public ClientTransport client(ConnectOptions options) {
            told.add(options);
            return network.client(options);
        }

        @Override
        public ServerTransport listen(ListenOptions options, CallAcceptor acceptor) throws IOException {
            return network.listen(options, acceptor);
        }

        @Override
        public boolean reaches(SocketAddress address) {
            return network.reaches(address);
        }
    }
}
