// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static dev.peregrine.grpc.boot.server.TwoServers.goodbye;
import static dev.peregrine.grpc.boot.server.TwoServers.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** What a server with a name takes from the default one, what it has for itself, and what is for all. */
@Timeout(60)
class ServerInheritanceTests {

    private final ApplicationContextRunner runner = TwoServers.runner();

    @Test
    void whatAServerDoesNotSetIsTakenFromTheDefaultOneFieldByField() {
        runner.withBean(TwoServers.InternalGreeter.class)
                .withPropertyValues(
                        "grpc.server.limits.max-message-size=1KB",
                        "grpc.server.limits.max-metadata-size=1KB",
                        "grpc.servers.internal.limits.max-message-size=3KB")
                .run(context -> {
                    assertThat(hello(context, "internal", "x".repeat(2000))).isEqualTo("Hello insider");
                    assertThatExceptionOfType(StatusException.class)
                            .isThrownBy(() -> hello(context, "internal", "x".repeat(3100)))
                            .satisfies(failure ->
                                    assertThat(failure.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
                    GrpcServerProperties internal = propertiesOf(context, "internal");
                    assertThat(internal.limits().toLimits().maxMetadataSize()).isEqualTo(1024);
                });
    }

    @Test
    void portAddressAndServicesAreNotInherited() {
        runner.withPropertyValues("grpc.server.services=*").run(context -> {
            GrpcServerProperties internal = propertiesOf(context, "internal");
            assertThat(internal.services()).isEmpty();
            assertThat(propertiesOf(context, "default").services()).containsExactly("*");
        });
        runner.withPropertyValues("grpc.server.interceptors=a,b", "grpc.servers.internal.interceptors=c")
                .withBean("a", TwoServers.Witness.class)
                .withBean("b", TwoServers.Witness.class)
                .withBean("c", TwoServers.Witness.class)
                .run(context -> assertThat(propertiesOf(context, "internal").interceptors())
                        .containsExactly("c"));
    }

    @Test
    void interceptorsOfAServerSeeItsCallsOnly() {
        runner.withBean(TwoServers.InternalParting.class)
                .withBean("audit", TwoServers.Witness.class)
                .withPropertyValues("grpc.servers.internal.interceptors=audit")
                .run(context -> {
                    hello(context, "default");
                    goodbye(context, "internal");
                    assertThat(context.getBean(TwoServers.Witness.class).saw)
                            .containsExactly("fixture.Parting/SayGoodbye");
                });
    }

    @Test
    void aCustomizerHearsWhichServerItIsAskedFor() {
        List<String> asked = new CopyOnWriteArrayList<>();
        runner.withBean(TwoServers.InternalParting.class)
                .withBean(GrpcServerCustomizer.class, () -> (name, server) -> asked.add(name))
                .run(context -> assertThat(asked).containsExactly("default", "internal"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "advice.enabled=false",
                "channelz.enabled=true",
                "health.services.a.include=db",
                "reflection.enabled=true",
                "shutdown.grace-period=1s",
                "validation.enabled=false"
            })
    void whatCountsForAllServersIsRefusedUnderTheNameOfOne(String property) {
        String group = property.substring(0, property.indexOf('.'));
        runner.withPropertyValues("grpc.servers.internal." + property).run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .isEqualTo("Properties under grpc.servers.internal." + group + " are set, which a server of its own"
                            + " does not have: grpc.server." + group + ".* is for all servers.");
            assertThat(analysisOf(context).getAction()).startsWith("Set grpc.server." + group + ".* instead.");
        });
    }

    @Test
    void whatCountsForAllServersIsRefusedFromTheEnvironmentToo() {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of("GRPC_SERVERS_INTERNAL_REFLECTION_ENABLED", "true"))))
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("Properties under grpc.servers.internal.reflection are set"));
    }

    @Test
    void aMissingInterceptorIsNamedWithThoseThereAre() {
        runner.withBean("audit", TwoServers.Witness.class)
                .withPropertyValues("grpc.server.interceptors=adit")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .isEqualTo(
                                "There is no interceptor 'adit', which grpc.server.interceptors names. Interceptors there"
                                        + " are: audit."));
    }

    @Test
    void theDefaultServerIsNotOneOfTheOthers() {
        runner.withPropertyValues("grpc.servers.default.port=0")
                .run(context -> assertThat(analysisOf(context).getAction())
                        .startsWith("Write grpc.server instead of grpc.servers.default"));
    }

    private static GrpcServerProperties propertiesOf(ApplicationContext context, String server) {
        return new ConfiguredServers(context.getEnvironment(), context.getBean(GrpcServerProperties.class))
                .all()
                .get(server);
    }
}
