// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.SocketEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many connections a server takes, and what becomes of the others. */
@Timeout(60)
class ConnectionLimitsTest {

    /** The preface and empty SETTINGS (RFC 9113 §3.4). */
    private static final byte[] HELLO =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void aConnectionBeyondTheLimitIsClosedAtOnceAndTheOthersGoOn(SocketEngine engine) throws IOException {
        start(engine, 2, 100);
        ScriptedPeer first = server.greet();
        ScriptedPeer second = server.greet();

        assertRefused("127.0.0.1");
        TextsServer.expectNextCallAnswered(first, 1);
        TextsServer.expectNextCallAnswered(second, 1);
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void aPlaceIsFreeAgainWhenItsConnectionEnds(SocketEngine engine) throws IOException {
        start(engine, 1, 100);
        ScriptedPeer first = server.greet();
        assertRefused("127.0.0.1");
        first.close();

        TextsServer.expectNextCallAnswered(greetWhenThereIsRoom(), 1);
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void theLimitOfOneAddressLeavesRoomForOthers(SocketEngine engine) throws IOException {
        start(engine, 100, 1);
        server.greet();

        assertRefused("127.0.0.1");
        try (ScriptedPeer other = dialFrom("127.0.0.2")) {
            TextsServer.expectNextCallAnswered(other.handshake(), 1);
        }
    }

    /** Whatever ends a connection, and however early; some of these are refused, which loses no place either. */
    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void noPlaceIsLostToConnectionsThatFail(SocketEngine engine) throws IOException {
        server.limits(limits -> limits.withHandshakeTimeout(Duration.ofMillis(100)));
        start(engine, 3, 3);
        for (int i = 0; i < 20; i++) {
            try (ScriptedPeer peer = dialFrom("127.0.0.1")) {
                switch (i % 5) {
                    case 0 -> peer.reset();
                    case 1 -> peer.sendRaw(Octets.latin1("GET / HTTP/1.1\r\n\r\n"));
                    case 2 -> peer.sendRaw(Octets.latin1("no protocol at all, for certain"));
                    case 3 -> peer.sendPreface();
                    default -> peer.halfClose();
                }
            }
        }
        List<ScriptedPeer> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(greetWhenThereIsRoom());
        }

        assertRefused("127.0.0.1");
        for (ScriptedPeer peer : all) {
            TextsServer.expectNextCallAnswered(peer, 1);
        }
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void underACrowdAsManyAreServedAsThereArePlaces(SocketEngine engine) throws IOException {
        start(engine, 8, 8);
        List<Socket> crowd = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            crowd.add(socketFrom("127.0.0.1"));
        }
        int alive = 0;
        for (Socket socket : crowd) {
            alive += isServed(socket) ? 1 : 0;
        }

        assertThat(alive).isEqualTo(8);
        for (Socket socket : crowd) {
            socket.close();
        }
        TextsServer.expectNextCallAnswered(greetWhenThereIsRoom(), 1);
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void unixSocketsCountButHaveNoAddress(SocketEngine engine, @TempDir Path directory) throws IOException {
        Path path = directory.resolve("x.sock");
        server.builder().unixSocket(path);
        start(engine, 4, 1);
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
            open.add(client);
            clients.add(client);
        }

        int alive = 0;
        for (SocketChannel client : clients) {
            alive += isServed(client) ? 1 : 0;
        }
        assertThat(alive).isEqualTo(4);
    }

    private void start(SocketEngine engine, int connections, int perAddress) {
        Engines.assumeWorks(engine);
        server.builder().socketEngine(engine);
        server.limits(limits -> limits.withMaxConnections(connections).withMaxConnectionsPerAddress(perAddress));
        Server started = server.server();
        assertThat(started.port()).isPositive();
    }

    /** By RST or, if that was lost under way, by FIN: in any case without a word. */
    private void assertRefused(String from) throws IOException {
        assertThat(isServed(socketFrom(from))).isFalse();
    }

    /** Whether the server answers a client's first words. */
    private static boolean isServed(Socket socket) {
        try {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(HELLO);
            return socket.getInputStream().read() >= 0;
        } catch (IOException reset) {
            return false;
        }
    }

    private static boolean isServed(SocketChannel socket) {
        try {
            socket.write(ByteBuffer.wrap(HELLO));
            return socket.read(ByteBuffer.allocate(1)) >= 0;
        } catch (IOException reset) {
            return false;
        }
    }

    private Socket socketFrom(String address) throws IOException {
        Socket socket = new Socket();
        open.add(socket);
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        socket.connect(new InetSocketAddress("127.0.0.1", server.server().port()));
        return socket;
    }

    private ScriptedPeer dialFrom(String address) throws IOException {
        return ScriptedPeer.asClient(socketFrom(address));
    }

    /** That a connection has ended is known here before it is at the server. */
    private ScriptedPeer greetWhenThereIsRoom() throws IOException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            ScriptedPeer peer = dialFrom("127.0.0.1");
            try {
                peer.handshake();
                open.add(peer);
                return peer;
            } catch (AssertionError refused) {
                if (System.nanoTime() > giveUp) {
                    throw refused;
                }
            }
        }
    }
}
