// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static dev.peregrine.grpc.boot.server.TwoServers.goodbye;
import static dev.peregrine.grpc.boot.server.TwoServers.hello;
import static dev.peregrine.grpc.boot.server.TwoServers.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.ManagedChannel;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Role;

/** Which service is on which server. */
@Timeout(60)
class ServicePlacementTests {

    private final ApplicationContextRunner runner = TwoServers.runner();

    @Test
    void aServiceIsOnTheServerItNamesAndNowhereElse() {
        runner.withBean(TwoServers.InternalParting.class).run(context -> {
            assertThat(hello(context, "default")).isEqualTo("Hello you");
            assertThat(goodbye(context, "internal")).isEqualTo("Goodbye you");
            assertUnimplemented(context, "internal", channel -> hello(channel));
            assertUnimplemented(context, "default", channel -> goodbye(channel));
        });
    }

    @Test
    void aServiceThatAPatternNamesIsThereInsteadOfOnTheDefaultServer() {
        runner.withBean(TwoServers.PlainParting.class)
                .withPropertyValues("grpc.servers.internal.services=fixture.Parting")
                .run(context -> {
                    assertThat(goodbye(context, "internal")).isEqualTo("Goodbye you");
                    assertUnimplemented(context, "default", channel -> goodbye(channel));
                });
    }

    @Test
    void aServiceMayBeOnSeveralServers() {
        runner.withPropertyValues("grpc.server.services=*", "grpc.servers.internal.services=fixture.Greeter")
                .run(context -> {
                    assertThat(hello(context, "default")).isEqualTo("Hello you");
                    assertThat(hello(context, "internal")).isEqualTo("Hello you");
                });
        runner.withBean(EverywhereParting.class).run(context -> {
            assertThat(goodbye(context, "default")).isEqualTo("Goodbye you");
            assertThat(goodbye(context, "internal")).isEqualTo("Goodbye you");
        });
    }

    @Test
    void twoBeansMayOfferOneServiceOnDifferentServers() {
        runner.withBean(TwoServers.InternalGreeter.class).run(context -> {
            assertThat(hello(context, "default")).isEqualTo("Hello you");
            assertThat(hello(context, "internal")).isEqualTo("Hello insider");
        });
    }

    @Test
    void theNameOfAServerMayBeAPlaceholder() {
        runner.withBean(PlacedParting.class)
                .withPropertyValues("parting.server=internal")
                .run(context -> assertThat(goodbye(context, "internal")).isEqualTo("Goodbye you"));
        runner.withBean(PlacedParting.class)
                .run(context -> assertThat(goodbye(context, "default")).isEqualTo("Goodbye you"));
    }

    @Test
    void beansThatAreMadeLateAreServedToo() {
        runner.withBean(TwoServers.InternalParting.class)
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> {
                    assertThat(hello(context, "default")).isEqualTo("Hello you");
                    assertThat(goodbye(context, "internal")).isEqualTo("Goodbye you");
                });
    }

    @Test
    void aServerThatIsSwitchedOffTakesItsServicesWithIt() {
        runner.withBean(TwoServers.InternalParting.class)
                .withPropertyValues(
                        "grpc.servers.internal.enabled=false", "grpc.servers.internal.services=fixture.Greeter")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(GrpcServers.class).isRunning("default"))
                            .isFalse();
                });
    }

    @Test
    void infrastructureAloneStartsNoServer() {
        ServerRunners.runner()
                .withUserConfiguration(InfrastructureParting.class)
                .run(context -> assertThat(context.getBean(GrpcServers.class).isRunning("default"))
                        .isFalse());
        runner.withUserConfiguration(InfrastructureParting.class)
                .run(context -> assertThat(goodbye(context, "default")).isEqualTo("Goodbye you"));
    }

    @Test
    void aServerThatDoesNotExistIsNamedWithThoseThatDo() {
        runner.withBean(LostParting.class).run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .contains("@GrpcService(servers = \"interal\")", "There are: default, internal.");
            assertThat(analysisOf(context).getAction()).contains("grpc.servers.interal.port");
        });
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aServerWithNothingToServeIsSaid(CapturedOutput output) {
        runner.withPropertyValues("grpc.servers.internal.services=fixture.Partin")
                .run(context -> assertThat(output)
                        .contains(
                                "The gRPC server 'internal' is configured, but there is nothing to serve",
                                "'fixture.Partin' in grpc.servers.internal.services matches no service. There are:"
                                        + " fixture.Greeter."));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aDefaultServerThatOthersLeaveNothingToIsSaid(CapturedOutput output) {
        runner.withPropertyValues("grpc.servers.internal.services=*").run(context -> {
            assertThat(context.getBean(GrpcServers.class).isRunning("default")).isFalse();
            assertThat(output)
                    .contains("All services are on the gRPC servers internal: the default server is not started.");
        });
    }

    private static void assertUnimplemented(
            ApplicationContext context, String server, Function<ManagedChannel, String> call) {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> with(context, server, call))
                .satisfies(failure -> assertThat(failure.status().code()).isEqualTo(StatusCode.UNIMPLEMENTED));
    }

    @GrpcService(servers = "interal")
    static class LostParting extends TwoServers.Farewell {}

    @GrpcService(servers = GrpcServers.ALL)
    static class EverywhereParting extends TwoServers.Farewell {}

    @GrpcService(servers = "${parting.server:}")
    static class PlacedParting extends TwoServers.Farewell {}

    @GrpcService(servers = GrpcServers.ALL)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static class InfrastructureParting extends TwoServers.Farewell {}
}
