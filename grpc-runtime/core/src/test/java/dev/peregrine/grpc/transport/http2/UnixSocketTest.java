// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.UnixAbstractAddress;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.transport.SocketEngine;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unix sockets at both ends, and the files they leave. */
@Timeout(60)
class UnixSocketTest {

    private final AtomicReference<Peer> seen = new AtomicReference<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    // ---- calls ----

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void callsAreCarriedOverUnixSocketsOfEveryEngine(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        Path path = directory.resolve("x.sock");
        Server server = serve(engine, UnixDomainSocketAddress.of(path));
        assertThat(server.addresses()).containsExactly(UnixDomainSocketAddress.of(path));

        assertThat(unary(channel(engine, "unix:" + path), "hi")).isEqualTo("re: hi");
        assertThat(unary(channel(engine, "unix://" + path), "x".repeat(1 << 20)))
                .hasSize((1 << 20) + 4);
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void thePeerOfAUnixSocketIsUnnamedAndWeAreThePath(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        Path path = directory.resolve("x.sock");
        serve(engine, UnixDomainSocketAddress.of(path));
        unary(channel(engine, "unix:" + path), "hi");

        assertThat(seen.get().remote()).isEqualTo(UnixDomainSocketAddress.of(""));
        assertThat(seen.get().local()).isEqualTo(UnixDomainSocketAddress.of(path));
        assertThat(seen.get().tls()).isNull();
    }

    @Test
    void theAuthorityIsLocalhost() {
        assertThat(channel(SocketEngine.NIO, "unix:/run/x.sock").authority()).isEqualTo("localhost");
    }

    @ParameterizedTest
    @EnumSource(
            value = SocketEngine.class,
            names = {"EPOLL", "IO_URING"})
    @EnabledOnOs(OS.LINUX)
    void abstractNamesAreCarriedByNativeEngines(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        String name = "peregrine-" + UUID.randomUUID();
        Server server = serve(engine, UnixAbstractAddress.of(name));

        assertThat(server.addresses()).containsExactly(UnixAbstractAddress.of(name));
        assertThat(unary(channel(engine, "unix-abstract:" + name), "hi")).isEqualTo("re: hi");
        assertThat(seen.get().local()).isEqualTo(UnixAbstractAddress.of(name));
    }

    @Test
    void theJdksSocketsHaveNoAbstractNamesAndSaySo() {
        assertThatIOException()
                .isThrownBy(() -> serve(SocketEngine.NIO, UnixAbstractAddress.of("x")))
                .withMessage("cannot listen on unix-abstract:x: sockets of nio have no abstract names;"
                        + " use epoll or io_uring, or a path");
        assertThat(failureOf(channel(SocketEngine.NIO, "unix-abstract:x")))
                .isEqualTo("UNAVAILABLE: no connection to unix-abstract:x: sockets of nio have no abstract names;"
                        + " use epoll or io_uring, or a path");
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void whereNobodyListensTheCallFailsAndNamesThePath(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        Path path = directory.resolve("x.sock");
        assertThat(failureOf(channel(engine, "unix:" + path)))
                .startsWith("UNAVAILABLE: no connection to unix:" + path + ": ")
                .contains("No such file");

        leaveDead(path);
        assertThat(failureOf(channel(engine, "unix:" + path)))
                .startsWith("UNAVAILABLE: no connection to unix:" + path + ": Connection refused");
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void aServerListensOnTheNetworkAndOnAPathAtOnce(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        Path path = directory.resolve("x.sock");
        Server server = open(new TextsServer()
                .builder()
                .unixSocket(path)
                .socketEngine(engine)
                .service(new TextsServer().definition())
                .start());

        assertThat(unary(channel(engine, "unix:" + path), "a")).isEqualTo("re: a");
        assertThat(unary(channel(engine, "127.0.0.1:" + server.port()), "b")).isEqualTo("re: b");
    }

    // ---- files ----

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void theFileGoesWithItsServer(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        Path path = directory.resolve("x.sock");
        Server server = serve(engine, UnixDomainSocketAddress.of(path));
        assertThat(path).exists();

        server.close();

        assertThat(path).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void theFileOfADeadServerIsReplaced(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        Path path = directory.resolve("x.sock");
        leaveDead(path);
        serve(engine, UnixDomainSocketAddress.of(path));

        assertThat(unary(channel(engine, "unix:" + path), "hi")).isEqualTo("re: hi");
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void theSocketOfALiveServerIsNeverTaken(SocketEngine engine) throws IOException {
        Engines.assumeWorks(engine);
        Path path = directory.resolve("x.sock");
        serve(engine, UnixDomainSocketAddress.of(path));

        assertThatIOException()
                .isThrownBy(() -> serve(engine, UnixDomainSocketAddress.of(path)))
                .withMessage("cannot listen on " + path + ": another server listens there");
        assertThat(unary(channel(engine, "unix:" + path), "hi")).isEqualTo("re: hi");
    }

    @Test
    void aLiveServerThatIsTooBusyToAcceptIsNotTakenForDead() throws IOException {
        Path path = directory.resolve("x.sock");
        try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            busy.bind(UnixDomainSocketAddress.of(path), 1);
            Assumptions.assumeTrue(isFullAfter(16, path), "this kernel lets more connections wait");

            assertThatIOException()
                    .isThrownBy(() -> serve(SocketEngine.NIO, UnixDomainSocketAddress.of(path)))
                    .withMessageStartingWith("cannot listen on " + path
                            + ": a socket is there, and whether a server listens on it cannot be found out: ");
            assertThat(path).exists();
        }
    }

    /** Whether that many connections are more than the socket lets wait to be accepted. */
    private boolean isFullAfter(int connections, Path path) throws IOException {
        for (int i = 0; i < connections; i++) {
            SocketChannel waiting = open(SocketChannel.open(StandardProtocolFamily.UNIX));
            waiting.configureBlocking(false);
            try {
                waiting.connect(UnixDomainSocketAddress.of(path));
            } catch (IOException full) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Path path = Files.writeString(directory.resolve("x.sock"), "precious");

        assertThatIOException()
                .isThrownBy(() -> serve(SocketEngine.NIO, UnixDomainSocketAddress.of(path)))
                .withMessage("cannot listen on " + path
                        + ": a file that is no socket is there; remove it, or listen elsewhere");
        assertThat(path).hasContent("precious");
    }

    @Test
    void aLinkIsLeftAloneWhereverItLeads() throws IOException {
        Path dead = directory.resolve("dead.sock");
        leaveDead(dead);
        Path link = Files.createSymbolicLink(directory.resolve("x.sock"), dead);

        assertThatIOException().isThrownBy(() -> serve(SocketEngine.NIO, UnixDomainSocketAddress.of(link)));
        assertThat(link).isSymbolicLink();
    }

    @ParameterizedTest
    @EnumSource(SocketEngine.class)
    void aPathThatIsTooLongIsRefused(SocketEngine engine) {
        Engines.assumeWorks(engine);
        Path path = directory.resolve("x".repeat(120));

        assertThatIOException()
                .isThrownBy(() -> serve(engine, UnixDomainSocketAddress.of(path)))
                .withMessage("cannot listen on " + path + ": the path has "
                        + path.toString().length()
                        + " bytes (expected: at most 107, the kernel's limit); choose a shorter one");
    }

    @Test
    void aDirectoryThatDoesNotExistIsNamed() {
        Path path = directory.resolve("none").resolve("x.sock");

        assertThatIOException()
                .isThrownBy(() -> serve(SocketEngine.NIO, UnixDomainSocketAddress.of(path)))
                .withMessageStartingWith("cannot listen on " + path + ": ");
    }

    /** As a server that was killed does. */
    private static void leaveDead(Path path) throws IOException {
        ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        killed.bind(UnixDomainSocketAddress.of(path));
        killed.close();
        assertThat(path).exists();
    }

    private Server serve(SocketEngine engine, SocketAddress address) throws IOException {
        return open(Server.builder()
                .address(address)
                .socketEngine(engine)
                .service(new TextsServer()
                        .unary(text -> {
                            seen.set(CallContext.current().peer());
                            return "re: " + text;
                        })
                        .definition())
                .start());
    }

    private ManagedChannel channel(SocketEngine engine, String target) {
        return open(ManagedChannel.builder(target).socketEngine(engine).build());
    }

    private <T extends AutoCloseable> T open(T resource) {
        open.add(resource);
        return resource;
    }

    private static String unary(ManagedChannel channel, String text) {
        return ClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, text);
    }

    private static String failureOf(ManagedChannel channel) {
        try {
            return "answered: " + unary(channel, "hi");
        } catch (StatusException failure) {
            return failure.status().toString();
        }
    }
}
