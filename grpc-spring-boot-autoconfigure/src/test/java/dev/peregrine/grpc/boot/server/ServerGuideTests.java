// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.TestPki;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.tls.ClientTls;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The YAML of docs/server.md, in applications that run. */
@Timeout(60)
class ServerGuideTests {

    @TempDir
    private Path files;

    @Test
    void severalServers() {
        Path socket = files.resolve("s");
        try (ConfigurableApplicationContext context = run(
                "servers",
                "grpc.server.address=127.0.0.1",
                "grpc.server.port=0",
                "grpc.servers.internal.address[0]=127.0.0.1:0",
                "grpc.servers.internal.address[1]=unix:" + socket,
                "grpc.servers.internal.services=fixture.Parting")) {
            GrpcServers servers = context.getBean(GrpcServers.class);
            assertThat(servers.names()).containsExactly("default", "internal");
            assertThat(servers.server("default").services())
                    .extracting(service -> service.name())
                    .contains("fixture.Greeter")
                    .doesNotContain("fixture.Parting");
            assertThat(servers.server("internal").services())
                    .extracting(service -> service.name())
                    .contains("fixture.Parting")
                    .doesNotContain("fixture.Greeter");
            assertThat(servers.addresses("internal")).hasSize(2);
            var internal = new ConfiguredServers(context.getEnvironment(), context.getBean(GrpcServerProperties.class))
                    .properties("internal");
            assertThat(internal.limits().toLimits().maxMessageSize()).isEqualTo(16 << 20);
            assertThat(internal.limits().toLimits().maxConnections()).isEqualTo(500);
        }
    }

    @Test
    void tls() {
        TestPki pki = new TestPki();
        TestPki.write(pki.issue("server"), files, "tls");
        String stores = "spring.ssl.bundle.pem.public.";
        try (ConfigurableApplicationContext context = run(
                "tls",
                "grpc.server.address=127.0.0.1",
                "grpc.server.port=0",
                stores + "keystore.certificate=" + files.resolve("tls.crt").toUri(),
                stores + "keystore.private-key=" + files.resolve("tls.key").toUri(),
                stores + "truststore.certificate=" + pki.authority(files).toUri())) {
            int port = context.getBean(GrpcServers.class).port(GrpcServers.DEFAULT);
            try (ManagedChannel channel = ManagedChannel.builder("127.0.0.1:" + port)
                    .tls(ClientTls.trusting(pki.trust()).withProtocols("TLSv1.3"))
                    .build()) {
                assertThat(Calls.sayHello(Greeter.Client.create(channel), "you"))
                        .isEqualTo("Hello you");
            }
        }
    }

    @Test
    void tuning() {
        try (ConfigurableApplicationContext context =
                run("tuning", "grpc.server.address=127.0.0.1", "grpc.server.port=0")) {
            assertThat(Calls.sayHello(context, "you")).isEqualTo("Hello you");
            assertThat(context.getBean(TwoServers.Witness.class).saw).hasSize(1);
        }
    }

    private static ConfigurableApplicationContext run(String page, String... changes) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(Stream.concat(
                                Stream.of("--spring.config.location=classpath:/docs/" + page + ".yml"),
                                Stream.of(changes).map(change -> "--" + change))
                        .toArray(String[]::new));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Service.class, TwoServers.PlainParting.class})
    static class Application {

        @Bean
        TwoServers.Witness audit() {
            return new TwoServers.Witness();
        }
    }

    @GrpcService
    static class Service extends HelloService {}
}
