// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

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
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.tls.ClientTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Certificates are replaced on disk, as cert-manager and its like do, while calls go on. */
@Timeout(120)
class ServerCertificateRotationTests {

    private static final int ROTATIONS = 3;
    private static final int CALLERS = 2;

    private final TestPki pki = new TestPki();

    @TempDir
    private Path files;

    private ApplicationContextRunner runner() {
        TestPki.write(pki.issue("server 0"), files, "server");
        return ServerRunners.runner()
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withBean(Service.class)
                .withPropertyValues(
                        "grpc.server.ssl.bundle=rotated",
                        "spring.ssl.bundle.watch.file.quiet-period=50ms",
                        "spring.ssl.bundle.pem.rotated.reload-on-update=true",
                        "spring.ssl.bundle.pem.rotated.keystore.certificate="
                                + files.resolve("server.crt").toUri(),
                        "spring.ssl.bundle.pem.rotated.keystore.private-key="
                                + files.resolve("server.key").toUri());
    }

    @Test
    void certificatesAreRotatedUnderLoadAndNoCallFails() {
        runner().run(context -> {
            int port = context.getBean(GrpcServers.class).port(GrpcServers.DEFAULT);
            try (Load load = new Load(port, ClientTls.trusting(pki.trust()))) {
                load.awaitCalls(20);
                for (int rotation = 1; rotation <= ROTATIONS; rotation++) {
                    String name = "CN=server " + rotation;
                    TestPki.write(pki.issue("server " + rotation), files, "server");
                    await().atMost(Duration.ofSeconds(20))
                            .until(() -> certificateOf(port)
                                    .getSubjectX500Principal()
                                    .getName()
                                    .equals(name));
                    load.awaitCalls(20);
                }
                assertThat(load.end()).as("failed calls").isEmpty();
            }
        });
    }

    @Test
    void anAuthorityOfCallersIsAddedUnderLoadAndNoCallFails() {
        TestPki added = new TestPki();
        Path authorities = pki.authority(files);
        ClientTls present = ClientTls.trusting(pki.trust()).withIdentity(TestPki.identity(pki.issue("present")));
        ClientTls newcomer = ClientTls.trusting(pki.trust()).withIdentity(TestPki.identity(added.issue("newcomer")));
        runner().withPropertyValues(
                        "grpc.server.ssl.client-auth=require",
                        "spring.ssl.bundle.pem.rotated.truststore.certificate=" + authorities.toUri())
                .run(context -> {
                    int port = context.getBean(GrpcServers.class).port(GrpcServers.DEFAULT);
                    try (Load load = new Load(port, present)) {
                        load.awaitCalls(20);
                        assertThat(isTaken(port, newcomer)).isFalse();
                        added.join(authorities);
                        await().atMost(Duration.ofSeconds(20)).until(() -> isTaken(port, newcomer));
                        load.awaitCalls(20);
                        assertThat(load.end()).as("failed calls").isEmpty();
                    }
                });
    }

    @Test
    void aGreatestAgeBringsTheNewCertificateToConnectionsThatLastAndNoCallFails() {
        runner().withPropertyValues("grpc.server.connection.max-age=200ms").run(context -> {
            int port = context.getBean(GrpcServers.class).port(GrpcServers.DEFAULT);
            try (ManagedChannel channel = ManagedChannel.builder("127.0.0.1:" + port)
                    .tls(ClientTls.trusting(pki.trust()))
                    .build()) {
                Greeter.Client client = Greeter.Client.create(channel);
                assertThat(Calls.sayHello(client, "you")).isEqualTo("CN=server 0");
                TestPki.write(pki.issue("server 1"), files, "server");
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> Calls.sayHello(client, "you").equals("CN=server 1"));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Missing certificates", "the private key of its key store does not belong to the certificate"})
    @ExtendWith(OutputCaptureExtension.class)
    void filesThatCannotBeUsedAreReportedAndTheOldCertificateStays(String reason, CapturedOutput output) {
        String pem = reason.startsWith("Missing")
                ? "no certificate"
                : pki.issue("without its key").getCertificatePathPEM();
        runner().run(context -> {
            int port = context.getBean(GrpcServers.class).port(GrpcServers.DEFAULT);
            X509Certificate before = certificateOf(port);

            Files.writeString(files.resolve("server.crt"), pem);
            await().atMost(Duration.ofSeconds(20)).until(() -> output.getAll().contains("cannot be used: "));

            assertThat(output).contains("The SSL bundle 'rotated' was reloaded, but cannot be used: ", reason);
            assertThat(certificateOf(port)).isEqualTo(before);
        });
    }

    @Test
    void aContextThatIsStartedAgainHasTheCurrentCertificate() {
        runner().run(context -> {
            ConfigurableApplicationContext restartable =
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class);
            restartable.stop();
            TestPki.write(pki.issue("server 1"), files, "server");
            restartable.start();
            int port = context.getBean(GrpcServers.class).port(GrpcServers.DEFAULT);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(certificateOf(port)
                                    .getSubjectX500Principal()
                                    .getName())
                            .isEqualTo("CN=server 1"));
        });
    }

    private static ManagedChannel channelTo(int port, ClientTls tls) {
        return ManagedChannel.builder("127.0.0.1:" + port).tls(tls).build();
    }

    private static boolean isTaken(int port, ClientTls caller) {
        try (ManagedChannel channel = channelTo(port, caller)) {
            Calls.sayHello(Greeter.Client.create(channel), "you");
            return true;
        } catch (StatusException refused) {
            return false;
        }
    }

    /** What a client that connects now is shown. */
    private X509Certificate certificateOf(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {pki.trust().manager()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /** Callers on connections that last, and one that connects anew for each call. */
    private static final class Load implements AutoCloseable {

        private final int port;
        private final ClientTls tls;
        private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS + 1);
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger calls = new AtomicInteger();
        private final List<Future<?>> running = new ArrayList<>();

        Load(int port, ClientTls tls) {
            this.port = port;
            this.tls = tls;
            for (int i = 0; i < CALLERS; i++) {
                running.add(callers.submit(() -> {
                    try (ManagedChannel channel = channel()) {
                        while (!over.get()) {
                            call(channel);
                        }
                    }
                }));
            }
            running.add(callers.submit(() -> {
                while (!over.get()) {
                    try (ManagedChannel channel = channel()) {
                        call(channel);
                    }
                }
            }));
        }

        private ManagedChannel channel() {
            return channelTo(port, tls);
        }

        private void call(ManagedChannel channel) {
            Calls.sayHello(Greeter.Client.create(channel), "you");
            calls.incrementAndGet();
        }

        /** Waits for this many more; at once if a caller has failed. */
        void awaitCalls(int more) {
            int enough = calls.get() + more;
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> calls.get() >= enough || running.stream().anyMatch(Future::isDone));
        }

        /** The failures. */
        List<Throwable> end() throws InterruptedException {
            over.set(true);
            List<Throwable> failures = new ArrayList<>();
            for (Future<?> caller : running) {
                try {
                    caller.get(20, TimeUnit.SECONDS);
                } catch (ExecutionException | TimeoutException failure) {
                    failures.add(failure);
                }
            }
            return failures;
        }

        @Override
        public void close() {
            over.set(true);
            callers.shutdown();
        }
    }

    /** Answers with the certificate that the connection of the call was made with. */
    @GrpcService
    static class Service extends HelloService {

        @Override
        public HelloReply sayHello(HelloRequest request) {
            Certificate own = CallContext.current().peer().tls().getLocalCertificates()[0];
            return reply(((X509Certificate) own).getSubjectX500Principal().getName());
        }
    }
}
