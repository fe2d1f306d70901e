// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING;
import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Applications;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HealthProbe;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.health.GrpcHealthAutoConfiguration;
import dev.peregrine.grpc.boot.reflection.GrpcReflectionAutoConfiguration;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.health.v1.HealthCheckResponse;
import dev.peregrine.grpc.reflection.v1.ServerReflection;
import dev.peregrine.grpc.reflection.v1.ServerReflectionRequest;
import dev.peregrine.grpc.reflection.v1.ServerReflectionResponse;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import dev.peregrine.grpc.stub.ResponseWriter;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** How an application says goodbye, as its clients see it. */
@Timeout(60)
class ServerLeavingTests {

    /** Longer than any test may take: whatever waits for it fails. */
    private static final String LONG_GRACE = "grpc.server.shutdown.grace-period=1h";

    private static final String LONG_PHASE = "spring.lifecycle.timeout-per-shutdown-phase=1h";

    @Test
    void openWatchesAndReflectionHearTheEndAndDoNotDelayIt() {
        ConfigurableApplicationContext context =
                Applications.run(Application.class, LONG_GRACE, LONG_PHASE, "grpc.server.reflection.enabled=true");
        try (context;
                HealthProbe probe = new HealthProbe(context);
                ManagedChannel channel = Calls.channelTo(context);
                ServerStreamingCall<HealthCheckResponse> watch = probe.watch(Greeter.NAME);
                BidiStreamingCall<ServerReflectionRequest, ServerReflectionResponse> tool =
                        ServerReflection.Client.create(channel).serverReflectionInfo()) {
            Iterator<HealthCheckResponse> heard = watch.iterator();
            while (heard.next().getStatus() != SERVING) {
                Thread.onSpinWait(); // Until the test's time is up.
            }
            tool.write(ServerReflectionRequest.newBuilder().setListServices("").build());
            Iterator<ServerReflectionResponse> answers = tool.iterator();
            assertThat(answers.next().getListServicesResponse().getServiceList())
                    .extracting(service -> service.getName())
                    .contains(Greeter.NAME, "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection");

            context.close();

            assertThat(heard.next().getStatus()).isEqualTo(NOT_SERVING);
            assertEndsUnavailable(heard);
            assertEndsUnavailable(answers);
        }
    }

    @Test
    void streamsOfAServiceWithoutGraceForThemEndAtOnce() {
        try (ConfigurableApplicationContext context = Applications.run(Watchable.class, LONG_GRACE, LONG_PHASE);
                ManagedChannel channel = Calls.channelTo(context);
                ServerStreamingCall<HelloReply> stream =
                        Greeter.Client.create(channel).watch(HelloService.request("you"))) {
            Iterator<HelloReply> replies = stream.iterator();
            assertThat(replies.next().getMessage()).isEqualTo("forever");

            context.close();

            assertEndsUnavailable(replies);
        }
    }

    @Test
    void streamsThatOutliveTheGraceEndWithUnavailable() {
        try (ConfigurableApplicationContext context =
                        Applications.run(Application.class, "grpc.server.shutdown.grace-period=50ms");
                ManagedChannel channel = Calls.channelTo(context);
                ServerStreamingCall<HelloReply> stream =
                        Greeter.Client.create(channel).watch(HelloService.request("you"))) {
            Iterator<HelloReply> replies = stream.iterator();
            assertThat(replies.next().getMessage()).isEqualTo("forever");

            context.close();

            assertEndsUnavailable(replies);
        }
    }

    private static void assertEndsUnavailable(Iterator<?> stream) {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(stream::next)
                .satisfies(e -> assertThat(e.status().code()).isEqualTo(StatusCode.UNAVAILABLE))
                .withMessageContaining("the server shuts down");
    }

    @Test
    void trafficIsRefusedBeforeTheServersAreSaidToLeaveAndThatBeforeTheyDo() {
        ConfigurableApplicationContext context = Applications.run(Application.class);
        History history = context.getBean(History.class);
        history.events.clear();

        context.close();

        assertThat(history.events)
                .containsExactly("REFUSING_TRAFFIC", "leaving, still answering: Hello last", "stopped default");
    }

    @Test
    void aStopWithoutACloseAnnouncesItselfAndAStartTakesItBack() {
        try (ConfigurableApplicationContext context =
                        Applications.run(Application.class, "grpc.server.shutdown.pre-drain-delay=1h");
                HealthProbe before = new HealthProbe(context)) {
            await().until(() -> before.check("") == SERVING);

            context.stop(); // At once: the delay is for those who close.
            context.start();

            try (HealthProbe after = new HealthProbe(context)) {
                assertThat(after.check("")).isEqualTo(SERVING);
            }
            assertThat(context.getBean(History.class).events).contains("leaving, still answering: Hello last");
            assertThat(context.getBean(ApplicationAvailability.class).getReadinessState())
                    .isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
            context.stop();
        }
    }

    @Test
    void callsAreTakenUntilTheDelayIsOver() throws Exception {
        ConfigurableApplicationContext context =
                Applications.run(Application.class, "grpc.server.shutdown.pre-drain-delay=1h", LONG_GRACE, LONG_PHASE);
        ServerDrain drain = context.getBean(ServerDrain.class);
        Thread closing = new Thread(context::close, "closing");
        closing.start();
        try {
            await().until(() -> !drain.isRunning());

            // On connections of their own, as clients make them that have not heard yet.
            assertThat(Calls.sayHello(context, "late")).isEqualTo("Hello late");
            try (HealthProbe probe = new HealthProbe(context)) {
                assertThat(probe.check("")).isEqualTo(NOT_SERVING);
                assertThat(probe.check("liveness")).isEqualTo(SERVING);
            }
            assertThat(closing.isAlive()).isTrue();
        } finally {
            closing.interrupt(); // The container waits no longer.
            closing.join(30_000);
        }
        assertThat(closing.isAlive()).isFalse();
    }

    @Test
    void theDelayIsAsLongAsItIsSaidToBe() {
        ConfigurableApplicationContext context = Applications.run(
                Application.class, "grpc.server.shutdown.pre-drain-delay=300ms", LONG_GRACE, LONG_PHASE);
        long begin = System.nanoTime();

        context.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void theDelayEndsWithTheTimeTheContainerGivesUs() {
        ConfigurableApplicationContext context = Applications.run(
                Application.class,
                "grpc.server.shutdown.pre-drain-delay=1h",
                "spring.lifecycle.timeout-per-shutdown-phase=100ms");

        context.close();

        assertThat(context.isActive()).isFalse();
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aListenerThatFailsDoesNotKeepTheServersFromLeaving(CapturedOutput output) {
        ConfigurableApplicationContext context = Applications.builder(Application.class)
                .listeners((ApplicationListener<GrpcServersStoppingEvent>) event -> {
                    throw new IllegalStateException("not now");
                })
                .run();

        context.close();

        assertThat(context.isActive()).isFalse();
        assertThat(output).contains("A listener failed to hear that the gRPC servers are about to go");
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void onKubernetesServersStayFiveSecondsWithoutBeingAsked(CapturedOutput output) {
        var properties = new ShutdownProperties(Duration.ofSeconds(30), null);
        try (ConfigurableApplicationContext here = Applications.run(Application.class);
                ConfigurableApplicationContext there = Applications.run(
                        Application.class,
                        "spring.main.cloud-platform=kubernetes",
                        "spring.lifecycle.timeout-per-shutdown-phase=10ms")) {
            assertThat(properties.preDrainDelayIn(here.getEnvironment())).isZero();
            assertThat(properties.preDrainDelayIn(there.getEnvironment())).isEqualTo(Duration.ofSeconds(5));
        }
        assertThat(output).doesNotContain("after a pre-drain-delay");
    }

    // ---- the application ----

    static final class History {

        final List<String> events = Collections.synchronizedList(new ArrayList<>());

        @EventListener
        void availability(AvailabilityChangeEvent<ReadinessState> change) {
            events.add(change.getState().name());
        }

        @EventListener
        void leaving(GrpcServersStoppingEvent event) {
            try (ManagedChannel channel = ManagedChannel.builder(
                            "127.0.0.1:" + event.getSource().port("default"))
                    .build()) {
                events.add("leaving, still answering: " + Calls.sayHello(Greeter.Client.create(channel), "last"));
            }
        }

        @EventListener
        void stopped(GrpcServerStoppedEvent event) {
            events.add("stopped " + event.getName());
        }
    }

    /** Has a stream that never ends. */
    static final class Forever extends HelloService {

        @Override
        public void watch(HelloRequest request, ResponseWriter<HelloReply> replies) {
            replies.write(HelloService.reply("forever"));
            try {
                assertThat(new CountDownLatch(1).await(1, TimeUnit.HOURS)).isTrue();
            } catch (InterruptedException cancelled) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        ApplicationAvailabilityAutoConfiguration.class,
        LifecycleAutoConfiguration.class,
        GrpcServerAutoConfiguration.class,
        GrpcHealthAutoConfiguration.class,
        GrpcReflectionAutoConfiguration.class
    })
    static class Application {

        @Bean
        @GrpcService
        HelloService greeter() {
            return new Forever();
        }

        @Bean
        History history() {
            return new History();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({LifecycleAutoConfiguration.class, GrpcServerAutoConfiguration.class})
    static class Watchable {

        @Bean
        @GrpcService(streamsWithoutGrace = true)
        HelloService greeter() {
            return new Forever();
        }
    }
}
