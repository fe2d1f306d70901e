// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.TestPki;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.tls.ClientAuth;
import dev.peregrine.grpc.tls.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;

/** The files of a client's certificate are replaced while it calls a server that asks who it is. */
@Timeout(120)
class ClientCertificateRotationTests {

    private final TestPki pki = new TestPki();

    @TempDir
    Path directory;

    @Test
    void noCallFailsAndTheServerMeetsTheNewCertificate() throws Exception {
        TestPki.write(pki.issue("before"), directory, "client");
        Callers service = new Callers();
        try (Server server = Server.builder()
                .address(new InetSocketAddress("127.0.0.1", 0))
                .tls(ServerTls.of(TestPki.identity(pki.issue("server")))
                        .withClientAuth(ClientAuth.REQUIRE, pki.trust()))
                // Connections end every second, so clients connect again and again.
                .connections(connections -> connections.withMaxAge(Duration.ofSeconds(1), Duration.ofSeconds(20)))
                .service(service)
                .start()) {
            ClientRunners.runner(server)
                    .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                    .withBean(Caller.class)
                    .withPropertyValues(
                            "spring.ssl.bundle.watch.file.quiet-period=100ms",
                            "spring.ssl.bundle.pem.internal.reload-on-update=true",
                            "spring.ssl.bundle.pem.internal.truststore.certificate=" + pki.authority(directory),
                            "spring.ssl.bundle.pem.internal.keystore.certificate=" + directory.resolve("client.crt"),
                            "spring.ssl.bundle.pem.internal.keystore.private-key=" + directory.resolve("client.key"),
                            "grpc.client.greeter.ssl.bundle=internal")
                    .run(context -> {
                        Load load = new Load(context.getBean(Caller.class).greeter);
                        assertThat(service.sawBefore.await(20, TimeUnit.SECONDS))
                                .isTrue();
                        TestPki.write(pki.issue("after"), directory, "client");
                        boolean rotated = service.sawAfter.await(60, TimeUnit.SECONDS);
                        load.stop();
                        assertThat(load.failures).isEmpty();
                        assertThat(rotated).isTrue();
                    });
        }
        assertThat(service.names).containsExactlyInAnyOrder("CN=before", "CN=after");
    }

    @Test
    void anAuthorityOfServersIsAddedUnderLoadAndNoCallFails() throws Exception {
        TestPki added = new TestPki();
        Path authorities = pki.authority(directory);
        Peers callers = new Peers();
        try (Server known = serve(pki, callers);
                Server moved = serve(added, new Peers())) {
            ClientRunners.runner(known)
                    .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                    .withBean(Caller.class)
                    .withBean(CallerOfTheMoved.class)
                    .withPropertyValues(
                            "spring.ssl.bundle.watch.file.quiet-period=100ms",
                            "spring.ssl.bundle.pem.internal.reload-on-update=true",
                            "spring.ssl.bundle.pem.internal.truststore.certificate=" + authorities,
                            "grpc.client.default.ssl.bundle=internal",
                            "grpc.client.moved.target=" + ClientRunners.targetOf(moved))
                    .run(context -> {
                        Greeter.Client unknown = context.getBean(CallerOfTheMoved.class).moved;
                        assertThat(answers(unknown)).isFalse();
                        Load load = new Load(context.getBean(Caller.class).greeter);
                        added.join(authorities);
                        await().atMost(Duration.ofSeconds(60)).until(() -> answers(unknown));
                        int connections = callers.addresses.size();
                        await().atMost(Duration.ofSeconds(60)).until(() -> callers.addresses.size() > connections);
                        load.stop();
                        assertThat(load.failures).isEmpty();
                    });
        }
    }

    /** Connections end every second, so clients connect again and again. */
    private static Server serve(TestPki pki, Greeter.Service service) throws IOException {
        return Server.builder()
                .address(new InetSocketAddress("127.0.0.1", 0))
                .tls(ServerTls.of(TestPki.identity(pki.issue("server"))))
                .connections(connections -> connections.withMaxAge(Duration.ofSeconds(1), Duration.ofSeconds(20)))
                .service(service)
                .start();
    }

    private static boolean answers(Greeter.Client greeter) {
        try {
            Calls.sayHello(greeter, "you");
            return true;
        } catch (StatusException notTrusted) {
            return false;
        }
    }

    /** Remembers who called. */
    private static final class Callers implements Greeter.Service {

        private final Set<String> names = ConcurrentHashMap.newKeySet();
        private final CountDownLatch sawBefore = new CountDownLatch(1);
        private final CountDownLatch sawAfter = new CountDownLatch(1);

        @Override
        public HelloReply sayHello(HelloRequest request) {
            String name = CallContext.current()
                    .peer()
                    .certificates()
                    .get(0)
                    .getSubjectX500Principal()
                    .getName();
            if (names.add(name)) {
                (name.equals("CN=before") ? sawBefore : sawAfter).countDown();
            }
            return HelloService.reply(name);
        }
    }

    /** Remembers from where connections came. */
    private static final class Peers implements Greeter.Service {

        private final Set<SocketAddress> addresses = ConcurrentHashMap.newKeySet();

        @Override
        public HelloReply sayHello(HelloRequest request) {
            addresses.add(CallContext.current().peer().remote());
            return HelloService.reply("Hello");
        }
    }

    /** Four threads that call without a pause. */
    private static final class Load {

        private final AtomicBoolean running = new AtomicBoolean(true);
        private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads = new ArrayList<>();

        Load(Greeter.Client greeter) {
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> call(greeter), "load-" + i);
                thread.start();
                threads.add(thread);
            }
        }

        private void call(Greeter.Client greeter) {
            while (running.get()) {
                try {
                    greeter.withDeadlineAfter(Duration.ofSeconds(20)).sayHello(HelloService.request("you"));
                } catch (RuntimeException failure) {
                    failures.add(failure);
                }
            }
        }

        void stop() throws InterruptedException {
            running.set(false);
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(30));
            }
        }
    }

    static class Caller {
        @GrpcClient("greeter")
        private Greeter.Client greeter;
    }

    static class CallerOfTheMoved {
        @GrpcClient("moved")
        private Greeter.Client moved;
    }
}
