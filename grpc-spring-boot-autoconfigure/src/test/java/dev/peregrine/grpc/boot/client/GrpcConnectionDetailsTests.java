// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.TestPki;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.tls.ServerTls;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;
import org.testcontainers.containers.GenericContainer;

class GrpcConnectionDetailsTests {

    private static Server server;

    private final ApplicationContextRunner runner = ClientRunners.runner().withBean(Caller.class);

    @BeforeAll
    static void serve() throws IOException {
        server = Calls.serve(new HelloService());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void detailsWinOverTheTarget() {
        runner.withPropertyValues("grpc.client.greeter.target=nowhere.invalid:1")
                .withBean(GrpcConnectionDetails.class, () -> detailsFor())
                .run(context -> assertThat(sayHello(context.getBean(Caller.class).greeter, "you"))
                        .isEqualTo("Hello you"));
    }

    @Test
    void detailsThatNameTheClientWinOverThoseForEverybody() {
        runner.withBean("all", GrpcConnectionDetails.class, () -> () -> "nowhere.invalid:1")
                .withBean("others", GrpcConnectionDetails.class, () -> detailsFor("users"))
                .withBean("ours", GrpcConnectionDetails.class, () -> detailsFor("billing", "greeter"))
                .run(context -> assertThat(sayHello(context.getBean(Caller.class).greeter, "you"))
                        .isEqualTo("Hello you"));
    }

    @Test
    void detailsForOthersChangeNothing() {
        runner.withPropertyValues("grpc.client.greeter.target=" + ClientRunners.targetOf(server))
                .withBean(GrpcConnectionDetails.class, () -> new Details(Set.of("users"), "nowhere.invalid:1", null))
                .run(context -> assertThat(sayHello(context.getBean(Caller.class).greeter, "you"))
                        .isEqualTo("Hello you"));
    }

    @Test
    void severalDetailsForAClientAreSaidWithTheirBeans() {
        runner.withBean("one", GrpcConnectionDetails.class, () -> detailsFor("greeter"))
                .withBean("two", GrpcConnectionDetails.class, () -> detailsFor("greeter"))
                .run(context -> {
                    assertThat(analysisOf(context).getDescription()).endsWith("connection details for it: one, two.");
                    assertThat(analysisOf(context).getAction()).contains("dev.peregrine.grpc.clients=greeter");
                });
    }

    @Test
    void aTargetOfDetailsThatIsNotUnderstoodIsSaidWithTheirClass() {
        runner.withBean(GrpcConnectionDetails.class, () -> new Details(Set.of(), "what is this", null))
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .startsWith("The gRPC client 'greeter' cannot use the target of its connection details");
                    assertThat(analysisOf(context).getAction()).contains(Details.class.getName());
                });
    }

    @Test
    void aBundleOfDetailsEncrypts(@TempDir Path directory) throws Exception {
        TestPki pki = new TestPki();
        SslBundle bundle = SslBundle.of(
                new PemSslStoreBundle((PemSslStore) null, PemSslStore.load(storeOf(pki.authority(directory)))));
        try (Server encrypted = Server.builder()
                .address(new InetSocketAddress("127.0.0.1", 0))
                .tls(ServerTls.of(TestPki.identity(pki.issueFor("localhost"))))
                .service(new HelloService())
                .start()) {
            runner.withBean(
                            GrpcConnectionDetails.class,
                            () -> new Details(Set.of(), "localhost:" + encrypted.port(), bundle))
                    .run(context -> assertThat(sayHello(context.getBean(Caller.class).greeter, "you"))
                            .isEqualTo("Hello you"));
        }
    }

    private static PemSslStoreDetails storeOf(Path certificate) {
        return PemSslStoreDetails.forCertificate(certificate.toString());
    }

    @Test
    void aServiceOfDockerComposeWithTheLabelIsAServer() throws Exception {
        GrpcConnectionDetails details = new ComposeGrpcConnection()
                .getConnectionDetails(source(Map.of(
                        "org.springframework.boot.service-connection", "grpc",
                        "dev.peregrine.grpc.clients", "greeter, users",
                        "dev.peregrine.grpc.port", "7070")));
        assertThat(details.getTarget()).isEqualTo("127.0.0.9:17070");
        assertThat(details.getClients()).containsExactlyInAnyOrder("greeter", "users");
        assertThat(details.getSslBundle()).isNull();
    }

    @Test
    void aServiceOfDockerComposeIsTakenToListenOn9090ForEverybody() throws Exception {
        GrpcConnectionDetails details = new ComposeGrpcConnection()
                .getConnectionDetails(source(Map.of("org.springframework.boot.service-connection", "grpc")));
        assertThat(details.getTarget()).isEqualTo("127.0.0.9:19090");
        assertThat(details.getClients()).isEmpty();
    }

    @Test
    void otherServicesOfDockerComposeAreLeftAlone() throws Exception {
        assertThat(new ComposeGrpcConnection().getConnectionDetails(source(Map.of())))
                .isNull();
    }

    @Test
    void aLabelThatIsNoPortIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServiceLabels.port("orders-1", Map.of(ServiceLabels.PORT, "grpc")))
                .withMessage(
                        "the label dev.peregrine.grpc.port of the container 'orders-1' is 'grpc' (expected: 1 to 65535,"
                                + " the port that its gRPC server listens on)");
    }

    @Test
    void aContainerOfTestcontainersWithTheNameIsAServer() {
        runner.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class))
                .withUserConfiguration(Containers.class)
                .run(context -> {
                    assertThat(context).hasSingleBean(GrpcConnectionDetails.class);
                    assertThat(sayHello(context.getBean(Caller.class).greeter, "you"))
                            .isEqualTo("Hello you");
                });
    }

    private static GrpcConnectionDetails detailsFor(String... clients) {
        return new Details(Set.of(clients), ClientRunners.targetOf(server), null);
    }

    /** Boot makes these of what {@code docker compose ps} says. */
    private static DockerComposeConnectionSource source(Map<String, String> labels) throws Exception {
        Constructor<DockerComposeConnectionSource> constructor =
                DockerComposeConnectionSource.class.getDeclaredConstructor(RunningService.class, Environment.class);
        constructor.setAccessible(true);
        return constructor.newInstance(new FakeService(labels), new MockEnvironment());
    }

    private record Details(Set<String> getClients, String getTarget, SslBundle getSslBundle)
            implements GrpcConnectionDetails {}

    private record FakeService(Map<String, String> labels) implements RunningService {

        @Override
        public String name() {
            return "greeter";
        }

        @Override
        public ImageReference image() {
            return ImageReference.of("example/greeter:1");
        }

        @Override
        public String host() {
            return "127.0.0.9";
        }

        @Override
        public ConnectionPorts ports() {
            return new ConnectionPorts() {
                @Override
                public int get(int containerPort) {
                    return 10_000 + containerPort;
                }

                @Override
                public List<Integer> getAll() {
                    return List.of();
                }

                @Override
                public List<Integer> getAll(String protocol) {
                    return List.of();
                }
            };
        }

        @Override
        public Map<String, String> env() {
            return Map.of();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Containers {

        @Bean
        @ServiceConnection(name = "grpc")
        FakeContainer greeterContainer() {
            return new FakeContainer().withLabel("dev.peregrine.grpc.clients", "greeter");
        }
    }

    /** Says it runs where our server does, on port 9090 within. */
    static final class FakeContainer extends GenericContainer<FakeContainer> {

        FakeContainer() {
            super("example/greeter:1");
        }

        @Override
        public String getDockerImageName() {
            return "example/greeter:1"; // Otherwise an engine is asked for it, which need not be there.
        }

        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public String getHost() {
            return "127.0.0.1";
        }

        @Override
        public Integer getMappedPort(int originalPort) {
            assertThat(originalPort).isEqualTo(9090);
            return server.port();
        }
    }

    static class Caller {
        @GrpcClient("greeter")
        private Greeter.Client greeter;
    }
}
