// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.client.GrpcClientAutoConfiguration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class KubernetesServicePortTests {

    private final Map<String, Object> variables = new HashMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"tcp://10.0.0.1:9090", "udp://10.0.0.1:9090", "tcp://[fd00::1]:9090"})
    void thePortOfAKubernetesServiceIsIgnoredAndSaid(String link, CapturedOutput output) {
        variables.put("GRPC_SERVER_PORT", link);
        try (ConfigurableApplicationContext context = start()) {
            assertThat(context.getBean(GrpcServerProperties.class).port()).isNull();
            assertThat(context.getEnvironment().getProperty("grpc.server.port")).isNull();
        }
        assertThat(output)
                .contains("Ignoring the environment variable GRPC_SERVER_PORT=" + link, "Kubernetes", "grpc-server");
    }

    @Test
    void anotherSourceStillSetsThePort() {
        variables.put("GRPC_SERVER_PORT", "tcp://10.0.0.1:9090");
        System.setProperty("spring.config.location", "classpath:/port-9191.properties");
        try (ConfigurableApplicationContext context = start()) {
            assertThat(context.getBean(GrpcServerProperties.class).port()).isEqualTo(9191);
        } finally {
            System.clearProperty("spring.config.location");
        }
    }

    @Test
    void aRealPortInTheVariableCounts(CapturedOutput output) {
        variables.put("GRPC_SERVER_PORT", "9292");
        try (ConfigurableApplicationContext context = start()) {
            assertThat(context.getBean(GrpcServerProperties.class).port()).isEqualTo(9292);
        }
        assertThat(output).doesNotContain("Ignoring");
    }

    @Test
    void theOtherVariablesOfAKubernetesServiceSetNothing() {
        for (String service : new String[] {"GRPC_SERVER", "GRPC_CLIENT", "GRPC_CLIENT_DEFAULT"}) {
            variables.put(service + "_SERVICE_HOST", "10.0.0.1");
            variables.put(service + "_SERVICE_PORT", "7070");
            variables.put(service + "_SERVICE_PORT_GRPC", "7070");
            variables.put(service + "_PORT", "tcp://10.0.0.1:7070");
            variables.put(service + "_PORT_7070_TCP", "tcp://10.0.0.1:7070");
            variables.put(service + "_PORT_7070_TCP_PROTO", "tcp");
            variables.put(service + "_PORT_7070_TCP_PORT", "7070");
            variables.put(service + "_PORT_7070_TCP_ADDR", "10.0.0.1");
        }
        GrpcServerProperties usual;
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Server.class)
                .web(WebApplicationType.NONE)
                .run()) {
            usual = context.getBean(GrpcServerProperties.class);
        }
        try (ConfigurableApplicationContext context = start()) {
            assertThat(context.getBean(GrpcServerProperties.class)).isEqualTo(usual);
        }
    }

    @Test
    void withAnEnvironmentPrefixTheVariableIsNoProperty(CapturedOutput output) {
        variables.put("GRPC_SERVER_PORT", "tcp://10.0.0.1:9090");
        SpringApplication application = application().build();
        application.setEnvironmentPrefix("my");
        try (ConfigurableApplicationContext context = application.run()) {
            assertThat(context.getBean(GrpcServerProperties.class).port()).isNull();
        }
        assertThat(output).doesNotContain("Ignoring");
    }

    @Test
    void aKubernetesServiceWithTheNameOfANamedServerConfiguresNothing(CapturedOutput output) {
        for (String service : new String[] {"GRPC_SERVERS", "GRPC_SERVERS_INTERNAL"}) {
            variables.put(service + "_PORT", "tcp://10.0.0.1:7070");
            variables.put(service + "_SERVICE_HOST", "10.0.0.1");
            variables.put(service + "_SERVICE_PORT", "7070");
            variables.put(service + "_SERVICE_PORT_GRPC", "7070");
            variables.put(service + "_PORT_7070_TCP", "tcp://10.0.0.1:7070");
            variables.put(service + "_PORT_7070_TCP_ADDR", "10.0.0.1");
        }
        try (ConfigurableApplicationContext context = start()) {
            assertThat(context.getBean(GrpcServers.class).names()).containsExactly("default");
        }
        assertThat(output)
                .contains("GRPC_SERVERS_INTERNAL_PORT=tcp://10.0.0.1:7070", "grpc.servers.internal.port says");
    }

    @Test
    void variablesMayConfigureANamedServer() {
        variables.put("GRPC_SERVERS_INTERNAL_PORT", "7171");
        variables.put("GRPC_SERVERS_INTERNALAPI_PORT", "7272");
        System.setProperty("grpc.servers.internal-api.address", "127.0.0.1");
        try (ConfigurableApplicationContext context = start()) {
            GrpcServerProperties defaults = context.getBean(GrpcServerProperties.class);
            var servers = new ConfiguredServers(context.getEnvironment(), defaults).all();
            assertThat(servers).containsOnlyKeys("default", "internal", "internal-api");
            assertThat(servers.get("internal").port()).isEqualTo(7171);
            assertThat(servers.get("internal-api").port()).isEqualTo(7272);
            assertThat(servers.get("internal-api").address()).containsExactly("127.0.0.1");
        } finally {
            System.clearProperty("grpc.servers.internal-api.address");
        }
    }

    private ConfigurableApplicationContext start() {
        return application().run();
    }

    private SpringApplicationBuilder application() {
        StandardEnvironment environment = new StandardEnvironment();
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, variables));
        return new SpringApplicationBuilder(Server.class)
                .web(WebApplicationType.NONE)
                .environment(environment);
    }

    /** Without a service, so that nothing listens. */
    @Configuration(proxyBeanMethods = false)
    @Import({GrpcServerAutoConfiguration.class, GrpcClientAutoConfiguration.class})
    static class Server {}
}
