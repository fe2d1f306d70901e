// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING;
import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.boot.fixture.HealthProbe;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.TestPki;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.channelz.v1.Channelz;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.health.v1.Health;
import dev.peregrine.grpc.health.v1.HealthCheckRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The YAML of docs/operations.md, in applications that run, with all auto-configurations. */
@Timeout(60)
class OperationsGuideTests {

    @TempDir
    private Path files;

    @Test
    void healthAloneOnAServerWithoutTls() {
        TestPki pki = new TestPki();
        TestPki.write(pki.issue("server"), files, "tls");
        try (ConfigurableApplicationContext context = run(
                "probes",
                "grpc.servers.probes.port=0",
                "grpc.servers.probes.address=127.0.0.1",
                "spring.ssl.bundle.pem.server.keystore.certificate="
                        + files.resolve("tls.crt").toUri(),
                "spring.ssl.bundle.pem.server.keystore.private-key="
                        + files.resolve("tls.key").toUri())) {
            int port = context.getBean(GrpcServers.class).port("probes");
            try (ManagedChannel channel =
                    ManagedChannel.builder("127.0.0.1:" + port).build()) {
                Health.Client probe = Health.Client.create(channel).withDeadlineAfter(Duration.ofSeconds(30));
                await().until(() -> probe.check(HealthCheckRequest.newBuilder()
                                        .setService("readiness")
                                        .build())
                                .getStatus()
                        == SERVING);
            }
        }
    }

    @Test
    void healthOfSingleServices() {
        try (ConfigurableApplicationContext context = run("health");
                HealthProbe probe = new HealthProbe(context)) {
            await().until(() -> probe.check("shop.v1.Catalogue") == SERVING);
            assertThat(probe.check("shop.v1.Orders")).isEqualTo(NOT_SERVING);
            assertThat(probe.check("")).isEqualTo(NOT_SERVING);
            assertThat(probe.check("liveness")).isEqualTo(SERVING);
        }
    }

    @Test
    void channelzForOperatorsOnly() {
        try (ConfigurableApplicationContext context = run("channelz", "grpc.servers.admin.port=0")) {
            GrpcServers servers = context.getBean(GrpcServers.class);
            assertThat(servers.server("admin").services())
                    .extracting(service -> service.name())
                    .contains(Channelz.NAME);
            assertThat(servers.server(GrpcServers.DEFAULT).services())
                    .extracting(service -> service.name())
                    .doesNotContain(Channelz.NAME);
        }
    }

    private static ConfigurableApplicationContext run(String page, String... changes) {
        Stream<String> usual = Stream.of(
                "spring.config.location=classpath:/docs/" + page + ".yml",
                "grpc.server.address=127.0.0.1",
                "grpc.server.port=0");
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(Stream.concat(usual, Stream.of(changes))
                        .map(property -> "--" + property)
                        .toArray(String[]::new));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        @GrpcService
        HelloService greeter() {
            return new HelloService();
        }

        /** Is down. */
        @Bean
        HealthIndicator dbHealthIndicator() {
            return () ->
                    org.springframework.boot.health.contributor.Health.down().build();
        }
    }
}
