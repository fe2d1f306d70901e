// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING;
import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Applications;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HealthProbe;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcGlobalServerInterceptor;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.health.v1.Health;
import dev.peregrine.grpc.health.v1.HealthCheckRequest;
import dev.peregrine.grpc.health.v1.HealthCheckResponse;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import dev.peregrine.grpc.services.health.HealthRegistry;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health of an application, as a client sees it. */
@Timeout(60)
class GrpcHealthTests {

    private static final String GREETER = Greeter.NAME;

    @Test
    void nothingIsServingBeforeTheApplicationAcceptsTraffic() {
        try (ConfigurableApplicationContext context = Applications.run(AsksWhileItStarts.class)) {
            AsksWhileItStarts.Seen seen = context.getBean(AsksWhileItStarts.Seen.class);
            assertThat(seen.statuses)
                    .containsEntry("", NOT_SERVING)
                    .containsEntry(GREETER, NOT_SERVING)
                    .containsEntry("readiness", NOT_SERVING)
                    .containsEntry("liveness", SERVING);
            try (HealthProbe probe = new HealthProbe(context)) {
                await().until(() -> probe.check("") == SERVING);
                assertThat(probe.list())
                        .containsOnlyKeys("", GREETER, "liveness", "readiness")
                        .doesNotContainValue(NOT_SERVING);
            }
        }
    }

    @Test
    void aContributorThatGoesDownTakesTheServerWithIt() {
        try (ConfigurableApplicationContext context =
                        Applications.run(WithContributors.class, "grpc.server.health.refresh-interval=10ms");
                HealthProbe probe = new HealthProbe(context);
                ServerStreamingCall<HealthCheckResponse> watch = probe.watch(GREETER)) {
            Iterator<HealthCheckResponse> heard = watch.iterator();
            expect(heard, SERVING);

            context.getBean(Switches.class).database = Status.DOWN;
            expect(heard, NOT_SERVING);
            assertThat(probe.check("")).isEqualTo(NOT_SERVING);
            assertThat(probe.check("readiness")).isEqualTo(SERVING);

            context.getBean(Switches.class).database = Status.UP;
            expect(heard, SERVING);
        }
    }

    /** What a watch hears first may be older than what we wait for. */
    private static void expect(Iterator<HealthCheckResponse> heard, HealthCheckResponse.ServingStatus status) {
        while (heard.next().getStatus() != status) {
            Thread.onSpinWait(); // Until the test's time is up.
        }
    }

    @Test
    void aServiceHasContributorsOfItsOwn() {
        try (ConfigurableApplicationContext context = Applications.run(
                        WithContributors.class,
                        "grpc.server.health.refresh-interval=10ms",
                        "grpc.server.health.exclude=database",
                        "grpc.server.health.services.[" + GREETER + "].include=database",
                        "grpc.server.health.services.[orders-group].include=queues",
                        "grpc.server.health.services.[orders-group].exclude=database");
                HealthProbe probe = new HealthProbe(context)) {
            await().until(() -> probe.check(GREETER) == SERVING && probe.check("") == SERVING);

            context.getBean(Switches.class).database = Status.OUT_OF_SERVICE;
            await().until(() -> probe.check(GREETER) == NOT_SERVING);
            assertThat(probe.check("")).isEqualTo(SERVING);
            assertThat(probe.check("orders-group")).isEqualTo(SERVING);

            context.getBean(Switches.class).innerQueue = Status.DOWN;
            await().until(() -> probe.check("orders-group") == NOT_SERVING);
            assertThat(probe.check("")).isEqualTo(NOT_SERVING);
        }
    }

    @Test
    void aContributorThatThrowsCountsAsDown() {
        try (ConfigurableApplicationContext context =
                        Applications.run(WithContributors.class, "grpc.server.health.refresh-interval=10ms");
                HealthProbe probe = new HealthProbe(context)) {
            await().until(() -> probe.check("") == SERVING);

            context.getBean(Switches.class).database = null;

            await().until(() -> probe.check("") == NOT_SERVING);
        }
    }

    @Test
    void anErrorOfOneCountsAsDownAndTheOthersAreAskedAllTheSame() {
        try (ConfigurableApplicationContext context = Applications.run(
                        WithContributors.class,
                        "grpc.server.health.refresh-interval=10ms",
                        "grpc.server.health.services.[of-database].include=database");
                HealthProbe probe = new HealthProbe(context)) {
            await().until(() -> probe.check("") == SERVING);

            context.getBean(Switches.class).innerQueue = null;

            await().until(() -> probe.check("") == NOT_SERVING);
            assertThat(probe.check("of-database")).isEqualTo(SERVING);
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void anIncludedNameThatNobodyHasIsNotServingAndSaid(CapturedOutput output) {
        try (ConfigurableApplicationContext context = Applications.run(
                        WithContributors.class, "grpc.server.health.services.[" + GREETER + "].include=databse");
                HealthProbe probe = new HealthProbe(context)) {
            await().until(() -> probe.check("") == SERVING);

            assertThat(probe.check(GREETER)).isEqualTo(NOT_SERVING);
            assertThat(output)
                    .containsOnlyOnce("grpc.server.health includes [databse] for the service '" + GREETER
                            + "', which is NOT_SERVING"
                            + " because of that: there are only the health contributors [database, queues]");
        }
    }

    @Test
    void withoutAnIntervalContributorsAreAskedWhenReadinessChanges() {
        try (ConfigurableApplicationContext context =
                        Applications.run(WithContributors.class, "grpc.server.health.refresh-interval=0");
                HealthProbe probe = new HealthProbe(context)) {
            await().until(() -> probe.check("") == SERVING);
            context.getBean(Switches.class).database = Status.DOWN;

            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
            assertThat(probe.check("readiness")).isEqualTo(NOT_SERVING);
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);

            assertThat(probe.check("readiness")).isEqualTo(SERVING);
            await().until(() -> probe.check("") == NOT_SERVING);
        }
    }

    @Test
    void anApplicationThatRefusesTrafficIsNotServingAtOnce() {
        try (ConfigurableApplicationContext context = Applications.run(Minimal.class);
                HealthProbe probe = new HealthProbe(context)) {
            await().until(() -> probe.check(GREETER) == SERVING);

            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);

            assertThat(probe.check(GREETER)).isEqualTo(NOT_SERVING);
            assertThat(probe.check("")).isEqualTo(NOT_SERVING);
            assertThat(probe.check("liveness")).isEqualTo(SERVING);
        }
    }

    @Test
    void aNameThatNobodyKnowsIsNotFound() {
        try (ConfigurableApplicationContext context = Applications.run(Minimal.class);
                HealthProbe probe = new HealthProbe(context)) {
            assertThatExceptionOfType(StatusException.class)
                    .isThrownBy(() -> probe.check("fixture.Nobody"))
                    .satisfies(e -> assertThat(e.status().code()).isEqualTo(StatusCode.NOT_FOUND));
        }
    }

    @Test
    void aServerOfItsOwnMayOfferHealthAlone() {
        try (ConfigurableApplicationContext context = Applications.run(
                Minimal.class,
                "grpc.servers.probes.port=0",
                "grpc.servers.probes.address=127.0.0.1",
                "grpc.servers.probes.services=" + Health.NAME)) {
            var servers = context.getBean(dev.peregrine.grpc.boot.server.GrpcServers.class);
            assertThat(servers.server("probes").services())
                    .extracting(service -> service.name())
                    .containsExactly(Health.NAME);
        }
    }

    @Test
    void oneServerMayOfferHealthAlone() {
        runner.withPropertyValues(
                        "grpc.server.health.server=probes",
                        "grpc.servers.probes.port=0",
                        "grpc.servers.probes.address=127.0.0.1")
                .run(context -> {
                    var servers = context.getBean(dev.peregrine.grpc.boot.server.GrpcServers.class);
                    assertThat(servers.server("probes").services())
                            .extracting(service -> service.name())
                            .containsExactly(Health.NAME);
                    assertUnimplemented(context);
                });
    }

    @Test
    void theNamesOfTheProbesAreNoServices() {
        for (String probe : new String[] {"liveness", "readiness"}) {
            runner.withPropertyValues("grpc.server.health.services." + probe + ".include=database")
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .hasMessageStartingWith("services." + probe + " (expected: another name; "));
        }
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    GrpcServerAutoConfiguration.class,
                    GrpcHealthAutoConfiguration.class,
                    HealthContributorRegistryAutoConfiguration.class))
            .withBean(AnnotatedHello.class)
            .withPropertyValues("grpc.server.address=127.0.0.1", "grpc.server.port=0");

    @Test
    void withoutSpringBootsHealthAvailabilityIsAllThatCounts() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> {
                    AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
                    try (HealthProbe probe = new HealthProbe(context)) {
                        await().until(() -> probe.check(GREETER) == SERVING);
                    }
                });
    }

    @Test
    void anInterceptorThatAsksForCredentialsDoesNotAskProbes() {
        runner.withBean(Guard.class).run(context -> {
            try (HealthProbe probe = new HealthProbe(context)) {
                assertThat(probe.check("")).isEqualTo(NOT_SERVING);
            }
            assertThatExceptionOfType(StatusException.class)
                    .isThrownBy(() -> Calls.sayHello(context, "you"))
                    .satisfies(e -> assertThat(e.status().code()).isEqualTo(StatusCode.UNAUTHENTICATED));
        });
    }

    @Test
    void healthCanBeSwitchedOff() {
        runner.withPropertyValues("grpc.server.health.enabled=false").run(context -> {
            assertThat(context).doesNotHaveBean(HealthRegistry.class);
            assertUnimplemented(context);
        });
    }

    @Test
    void withoutTheServicesModuleThereIsNoHealth() {
        runner.withClassLoader(new FilteredClassLoader("dev.peregrine.grpc.services"))
                .run(GrpcHealthTests::assertUnimplemented);
    }

    private static void assertUnimplemented(ApplicationContext context) {
        try (HealthProbe probe = new HealthProbe(context)) {
            assertThatExceptionOfType(StatusException.class)
                    .isThrownBy(() -> probe.check(""))
                    .satisfies(e -> assertThat(e.status().code()).isEqualTo(StatusCode.UNIMPLEMENTED));
        }
    }

    @Test
    void anApplicationMayHaveAHealthServiceOfItsOwn() {
        runner.withBean(OwnHealth.class).run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(HealthRegistry.class);
            try (HealthProbe probe = new HealthProbe(context)) {
                assertThat(probe.check("anything")).isEqualTo(SERVING);
            }
        });
    }

    // ---- applications ----

    @GrpcGlobalServerInterceptor
    static class Guard implements ServerInterceptor {

        @Override
        public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
            return call -> {
                throw new StatusException(StatusCode.UNAUTHENTICATED, "who are you?");
            };
        }
    }

    @GrpcService
    static class AnnotatedHello extends HelloService {}

    @GrpcService
    static class OwnHealth implements Health.Service {
        @Override
        public HealthCheckResponse check(HealthCheckRequest request) {
            return HealthCheckResponse.newBuilder().setStatus(SERVING).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        GrpcServerAutoConfiguration.class,
        GrpcHealthAutoConfiguration.class,
        HealthContributorRegistryAutoConfiguration.class
    })
    static class Minimal {

        @Bean
        @GrpcService
        HelloService greeter() {
            return new HelloService();
        }
    }

    /** Asks for its own health before it is ready. */
    @Configuration(proxyBeanMethods = false)
    static class AsksWhileItStarts extends Minimal {

        static final class Seen {
            Map<String, HealthCheckResponse.ServingStatus> statuses = new TreeMap<>();
        }

        @Bean
        Seen seen() {
            return new Seen();
        }

        @Bean
        ApplicationRunner asks(ApplicationContext context, Seen seen) {
            Consumer<HealthProbe> ask = probe -> seen.statuses = probe.list();
            return arguments -> {
                try (HealthProbe probe = new HealthProbe(context)) {
                    ask.accept(probe);
                }
            };
        }
    }

    static final class Switches {
        volatile Status database = Status.UP;
        volatile @Nullable Status innerQueue = Status.UP;

        org.springframework.boot.health.contributor.Health queue() {
            Status status = innerQueue;
            if (status == null) {
                throw new AssertionError("no queue");
            }
            return org.springframework.boot.health.contributor.Health.status(status)
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithContributors extends Minimal {

        @Bean
        Switches switches() {
            return new Switches();
        }

        @Bean
        HealthIndicator databaseHealthIndicator(Switches switches) {
            return () -> org.springframework.boot.health.contributor.Health.status(switches.database)
                    .build();
        }

        @Bean
        HealthContributor queuesHealthContributor(Switches switches) {
            return CompositeHealthContributor.fromMap(Map.of("inner", (HealthIndicator) switches::queue));
        }
    }
}
