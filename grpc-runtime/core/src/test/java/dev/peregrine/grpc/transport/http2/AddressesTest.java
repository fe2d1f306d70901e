// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.transport.SocketEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Addresses of the network: both families, and several of them. */
@Timeout(60)
class AddressesTest {

    private final AtomicReference<Peer> seen = new AtomicReference<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void ipv6IsSpokenAtBothEnds(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        assumeIpv6();
        Server server = start(builder(engine).address("::1", 0));

        assertThat(unary(engine, "[::1]:" + server.port())).isEqualTo("re: hi");
        assertThat(((InetSocketAddress) seen.get().remote()).getAddress()).isEqualTo(InetAddress.getByName("::1"));
        assertThat(seen.get().local()).isEqualTo(new InetSocketAddress("::1", server.port()));
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void ipv4IsSpokenAtBothEnds(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        Server server = start(builder(engine).address("127.0.0.1", 0));

        assertThat(unary(engine, "127.0.0.1:" + server.port())).isEqualTo("re: hi");
        assertThat(((InetSocketAddress) seen.get().remote()).getAddress())
                .isEqualTo(InetAddress.getByName("127.0.0.1"));
        assertThat(seen.get().local()).isEqualTo(new InetSocketAddress("127.0.0.1", server.port()));
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void everyAddressOfAServerIsListenedOnEachWithItsPort(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        Server server = start(
                builder(engine).address("127.0.0.1", 0).address("127.0.0.1", 0).address("127.0.0.1", 0));

        assertThat(server.addresses()).hasSize(3).doesNotHaveDuplicates();
        for (SocketAddress address : server.addresses()) {
            assertThat(unary(engine, "127.0.0.1:" + ((InetSocketAddress) address).getPort()))
                    .isEqualTo("re: hi");
        }
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void ifOneAddressIsTakenNoneIsListenedOn(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int first = free.getLocalPort();
            free.close();

            assertThatIOException()
                    .isThrownBy(() -> start(
                            builder(engine).address("127.0.0.1", first).address("127.0.0.1", taken.getLocalPort())))
                    .withMessageStartingWith("cannot listen on /127.0.0.1:" + taken.getLocalPort() + ": ")
                    .withMessageContaining("Address already in use");
            start(builder(engine).address("127.0.0.1", first));
        }
    }

    private static void assumeIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            Assumptions.assumeTrue(socket.isBound());
        } catch (IOException none) {
            Assumptions.abort("this machine has no IPv6 loopback: " + none.getMessage());
        }
    }

    private Server.Builder builder(SocketEngine engine) {
        return Server.builder()
                .socketEngine(engine)
                .service(new TextsServer()
                        .unary(text -> {
                            seen.set(CallContext.current().peer());
                            return "re: " + text;
                        })
                        .definition());
    }

    private Server start(Server.Builder builder) throws IOException {
        Server server = builder.start();
        open.add(server);
        return server;
    }

    private String unary(SocketEngine engine, String target) {
        ManagedChannel channel =
                ManagedChannel.builder(target).socketEngine(engine).build();
        open.add(channel);
        return ClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, "hi");
    }
}
