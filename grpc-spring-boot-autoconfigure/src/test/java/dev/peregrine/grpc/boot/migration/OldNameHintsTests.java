// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.Metadata;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcService;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;

/** Properties of other starters do not silently do nothing, and properties of ours are never taken for them. */
@ExtendWith(OutputCaptureExtension.class)
class OldNameHintsTests {

    private static final String WARNING = "These properties are of another gRPC starter";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(GrpcMigrationAutoConfiguration.class));

    @Test
    void oneWarningNamesThemAll(CapturedOutput output) {
        runner.withPropertyValues(
                        "grpc.server.max-inbound-message-size=64MB", "grpc.client.greeter.negotiation-type=plaintext")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output)
                            .containsOnlyOnce(WARNING)
                            .contains("set grpc.server.limits.max-message-size instead")
                            .contains("set grpc.client.greeter.ssl.enabled instead: true for TLS");
                });
    }

    @Test
    void nothingIsSaidWhereNothingIsFound(CapturedOutput output) {
        runner.withPropertyValues("grpc.server.port=0", "grpc.company.region=north")
                .run(context -> assertThat(output).doesNotContain(WARNING));
    }

    @Test
    void theyCanBeSwitchedOff(CapturedOutput output) {
        runner.withPropertyValues("grpc.server.max-inbound-message-size=64MB", "grpc.migration.hints.enabled=false")
                .run(context -> assertThat(output).doesNotContain(WARNING));
    }

    @Test
    void theyAreSaidAlsoWhenTheStartFailsForThem(CapturedOutput output) {
        runner.withConfiguration(AutoConfigurations.of(GrpcServerAutoConfiguration.class))
                .withBean(Greeting.class)
                .withPropertyValues("grpc.server.port=0", "grpc.server.security.private-key=file:server.key")
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(output).contains(WARNING, "set grpc.server.ssl.bundle instead");
                });
    }

    @Test
    void theFileAndTheLineAreSaid() throws IOException {
        List<PropertySource<?>> file =
                new YamlPropertySourceLoader().load("old", new ClassPathResource("migration/net-devh.yml"));
        assertThat(hints(file.get(0)))
                .containsExactly(
                        "grpc.client.global.keep-alive-time (class path resource [migration/net-devh.yml] - 7:24): set"
                                + " grpc.client.default.keepalive.time instead",
                        "grpc.client.greeter.address (class path resource [migration/net-devh.yml] - 9:16): set"
                                + " grpc.client.greeter.target instead: host:port or dns:///host:port; static: and"
                                + " discovery: are not understood",
                        "grpc.server.shutdown-grace-period (class path resource [migration/net-devh.yml] - 4:28): set"
                                + " grpc.server.shutdown.grace-period instead");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC_SERVER_KEEP_ALIVE_TIME", "GRPC_SERVER_KEEPALIVETIME"})
    void environmentVariablesAreSeenHoweverTheyAreWritten(String variable) {
        assertThat(hints(variables(Map.of(variable, "1h"))))
                .singleElement()
                .satisfies(
                        hint -> assertThat(hint).contains(variable).endsWith("set grpc.server.keepalive.time instead"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc.server.keepAliveTime", "grpc.server.keep_alive_time", "grpc.server.KeepAlive-Time"})
    void propertiesAreSeenHoweverTheyAreWritten(String name) {
        assertThat(hints(properties(Stream.of(name)))).hasSize(1);
    }

    @Test
    void whatHasNoCounterpartIsSaidWithAReason() {
        assertThat(hints(properties(Stream.of("grpc.consul.discovery.tags[0]"))))
                .singleElement()
                .asString()
                .contains("no counterpart: servers are not registered");
    }

    @Test
    void namesThatNeedBracketsKeepThem() {
        assertThat(hints(properties(Stream.of("spring.grpc.server.health.service[shop.v1.Orders].include[0]"))))
                .singleElement()
                .asString()
                .contains("set grpc.server.health.services[shop.v1.Orders].include instead");
    }

    @Test
    void whereSpringBootsOwnSupportIsItsPropertiesAreLeftToIt() {
        StandardEnvironment environment = environment(properties(
                Stream.of("spring.grpc.server.port", "spring.grpc.client.channel.greeter.target", "grpc.port")));
        assertThat(OldNameHints.of(environment, KnownStarters.ALL)).hasSize(3);
        List<OldNames> others = KnownStarters.ALL.stream()
                .filter(starter -> starter.reader() == null)
                .toList();
        assertThat(OldNameHints.of(environment, others))
                .singleElement()
                .asString()
                .startsWith("grpc.port ");
    }

    @Test
    void noPropertyOfOursIsTakenForAnotherOne() {
        assertThat(hints(properties(ours()))).isEmpty();
        assertThat(hints(properties(ours().map(name -> name + "[0]")))).isEmpty();
        assertThat(hints(properties(ours().map(name -> name + ".name")))).isEmpty();
    }

    @Test
    void noVariableOfOursIsTakenForAnotherOne() {
        assertThat(hints(variables(asMap(ours().map(name -> variable(name.replace("-", "")))))))
                .isEmpty();
        assertThat(hints(variables(asMap(ours().map(name -> variable(name.replace('-', '_')))))))
                .isEmpty();
    }

    /** Every property there is, under a name of a client and of a server too. */
    private static Stream<String> ours() {
        List<String> names = Metadata.properties().stream()
                .filter(property -> !property.containsKey("deprecation"))
                .map(property -> (String) property.get("name"))
                .toList();
        assertThat(names).hasSizeGreaterThan(80);
        return names.stream()
                .flatMap(name -> Stream.of(
                        name,
                        name.replace("grpc.client.default.", "grpc.client.greeter."),
                        name.replace("grpc.server.", "grpc.servers.internal.")))
                .distinct();
    }

    private static String variable(String name) {
        return name.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private static List<String> hints(PropertySource<?> source) {
        return OldNameHints.of(environment(source), KnownStarters.ALL);
    }

    private static StandardEnvironment environment(PropertySource<?> source) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(other -> environment.getPropertySources().remove(other.getName()));
        environment.getPropertySources().addFirst(source);
        ConfigurationPropertySources.attach(environment);
        return environment;
    }

    private static PropertySource<?> properties(Stream<String> names) {
        return new MapPropertySource("properties", asMap(names));
    }

    private static PropertySource<?> variables(Map<String, Object> variables) {
        return new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables);
    }

    private static Map<String, Object> asMap(Stream<String> names) {
        return names.distinct().collect(Collectors.toMap(Function.identity(), name -> "value"));
    }

    @GrpcService
    static class Greeting extends HelloService {}
}
