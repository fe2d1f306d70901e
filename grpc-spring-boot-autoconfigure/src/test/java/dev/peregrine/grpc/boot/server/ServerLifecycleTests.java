// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Calls.channelTo;
import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.SlowService;
import dev.peregrine.grpc.client.ManagedChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.DefaultLifecycleProcessor;

@Timeout(60)
class ServerLifecycleTests {

    private final ApplicationContextRunner runner = ServerRunners.runner();

    @Test
    void beansOfTheDefaultPhaseMayCallTheServerWhileTheyStartAndWhileTheyStop() {
        List<String> answers = new ArrayList<>();
        runner.withUserConfiguration(ServedBeansTests.AnnotatedClass.class)
                .withBean(CallsItsOwn.class, () -> new CallsItsOwn(answers))
                .run(context -> assertThat(answers).containsExactly("Hello start"));
        assertThat(answers).containsExactly("Hello start", "Hello stop");
    }

    @Test
    void aPausedContextKeepsItsServerAndItsPort() {
        runner.withUserConfiguration(ServedBeansTests.AnnotatedClass.class).run(context -> {
            String port = portOf(context);
            ConfigurableApplicationContext pausable =
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class);
            pausable.pause();
            assertThat(sayHello(context, "pause")).isEqualTo("Hello pause");
            pausable.restart();
            assertThat(portOf(context)).isEqualTo(port);
        });
    }

    @Test
    void aStoppedContextStartsANewServer() {
        runner.withUserConfiguration(ServedBeansTests.AnnotatedClass.class).run(context -> {
            ConfigurableApplicationContext stoppable =
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class);
            stoppable.stop();
            assertThatExceptionOfType(StatusException.class).isThrownBy(() -> sayHello(context, "nobody"));
            stoppable.start();
            assertThat(sayHello(context, "again")).isEqualTo("Hello again");
        });
    }

    @Test
    void aCallUnderWayIsAnsweredWhileTheContextCloses() {
        runner.withUserConfiguration(Slow.class).run(context -> {
            SlowService service = context.getBean(SlowService.class);
            try (ManagedChannel channel = channelTo(context)) {
                CompletableFuture<HelloReply> reply = callSlowly(channel, service);
                CompletableFuture<Void> closed = CompletableFuture.runAsync(
                        context.getSourceApplicationContext(ConfigurableApplicationContext.class)::close);
                ServerDrain drain = context.getBean(ServerDrain.class);
                await().until(() -> !drain.isRunning());
                assertThat(closed).isNotDone();

                service.answer.countDown();

                assertThat(reply.get(20, TimeUnit.SECONDS).getMessage()).isEqualTo("Hello at last, you");
                closed.get(20, TimeUnit.SECONDS);
            }
        });
    }

    @Test
    void aCallThatTakesLongerThanTheGraceIsCancelled() {
        runner.withUserConfiguration(Slow.class)
                .withPropertyValues("grpc.server.shutdown.grace-period=10ms")
                .run(context -> {
                    SlowService service = context.getBean(SlowService.class);
                    try (ManagedChannel channel = channelTo(context)) {
                        CompletableFuture<HelloReply> reply = callSlowly(channel, service);
                        context.getSourceApplicationContext(ConfigurableApplicationContext.class)
                                .close();
                        assertFails(reply);
                    } finally {
                        service.answer.countDown();
                    }
                });
    }

    @Test
    void aCallThatTakesLongerThanThePhaseOfTheContextIsCancelled() {
        runner.withUserConfiguration(Slow.class)
                .withBean("lifecycleProcessor", DefaultLifecycleProcessor.class, () -> {
                    var processor = new DefaultLifecycleProcessor();
                    processor.setTimeoutPerShutdownPhase(10);
                    return processor;
                })
                .run(context -> {
                    SlowService service = context.getBean(SlowService.class);
                    try (ManagedChannel channel = channelTo(context)) {
                        CompletableFuture<HelloReply> reply = callSlowly(channel, service);
                        context.getSourceApplicationContext(ConfigurableApplicationContext.class)
                                .close();
                        assertFails(reply);
                    } finally {
                        service.answer.countDown();
                    }
                });
    }

    @Test
    void drainingDoesNotHoldUpTheOthersOfItsPhase() {
        runner.withUserConfiguration(Slow.class).run(context -> {
            SlowService service = context.getBean(SlowService.class);
            CountDownLatch drained = new CountDownLatch(1);
            try (ManagedChannel channel = channelTo(context)) {
                CompletableFuture<HelloReply> reply = callSlowly(channel, service);

                context.getBean(ServerDrain.class).stop(drained::countDown);

                assertThat(drained.getCount()).isOne();
                service.answer.countDown();
                reply.get(20, TimeUnit.SECONDS);
                assertThat(drained.await(20, TimeUnit.SECONDS)).isTrue();
            }
        });
    }

    @Test
    void aThreadKeepsTheJvmAliveUntilTheContextIsClosed() {
        Set<Thread> before = awaitingThreads();
        runner.withUserConfiguration(ServedBeansTests.AnnotatedClass.class).run(context -> {
            Set<Thread> started = awaitingThreads();
            started.removeAll(before);
            assertThat(started).hasSize(1).noneMatch(Thread::isDaemon);
            context.getSourceApplicationContext(ConfigurableApplicationContext.class)
                    .close();
            for (Thread thread : started) {
                thread.join(20_000);
                assertThat(thread.isAlive()).isFalse();
            }
        });
    }

    @Test
    void aContextThatFailsAfterTheServerStartedDoesNotKeepIt() {
        Set<Thread> before = awaitingThreads();
        runner.withUserConfiguration(ServedBeansTests.AnnotatedClass.class, FailsLate.class)
                .run(context -> {
                    assertThat(context).hasFailed();
                    await().until(() -> before.containsAll(awaitingThreads()));
                });
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void oneLineSaysWhereTheServerListens(CapturedOutput output) {
        runner.withUserConfiguration(ServedBeansTests.AnnotatedClass.class)
                .run(context -> assertThat(output)
                        .containsOnlyOnce(
                                "gRPC server listens on 127.0.0.1:" + portOf(context) + " (plaintext) with 1 service"));
    }

    @ParameterizedTest
    @CsvSource({"31s, 30s, true", "30s, 30s, false", "1m, 2m, false"})
    @ExtendWith(OutputCaptureExtension.class)
    void aGraceThatTheContainerCutsShortIsSaid(String grace, String phase, boolean cut, CapturedOutput output) {
        runner.withUserConfiguration(ServedBeansTests.AnnotatedClass.class)
                .withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class))
                .withPropertyValues(
                        "grpc.server.shutdown.grace-period=" + grace,
                        "spring.lifecycle.timeout-per-shutdown-phase=" + phase)
                .run(context -> assertThat(
                                output.getOut()
                                        .contains(
                                                "grpc.server.shutdown.grace-period is PT31S, but the container waits only PT30S"))
                        .isEqualTo(cut));
    }

    private static String portOf(AssertableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.grpc.server.port");
    }

    private static CompletableFuture<HelloReply> callSlowly(ManagedChannel channel, SlowService service)
            throws InterruptedException {
        CompletableFuture<HelloReply> reply = Greeter.AsyncClient.create(channel)
                .sayHello(HelloService.request("you"))
                .toCompletableFuture();
        assertThat(service.arrived.await(20, TimeUnit.SECONDS)).isTrue();
        return reply;
    }

    private static void assertFails(CompletableFuture<HelloReply> reply) throws Exception {
        try {
            fail("answered: " + reply.get(20, TimeUnit.SECONDS));
        } catch (ExecutionException failure) {
            assertThat(failure.getCause()).isInstanceOf(StatusException.class);
        }
    }

    private static Set<Thread> awaitingThreads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().equals("grpc-server-await"));
        return threads;
    }

    @Configuration(proxyBeanMethods = false)
    static class Slow {

        @Bean
        @GrpcService
        SlowService slow() {
            return new SlowService();
        }
    }

    /** Calls the server of its own application, on a connection that is new each time. */
    static class CallsItsOwn implements SmartLifecycle, ApplicationContextAware {

        private final List<String> answers;
        private ApplicationContext context;
        private boolean running;

        CallsItsOwn(List<String> answers) {
            this.answers = answers;
        }

        @Override
        public void setApplicationContext(ApplicationContext context) {
            this.context = context;
        }

        @Override
        public void start() {
            running = true;
            answers.add(sayHello(context, "start"));
        }

        @Override
        public void stop() {
            running = false;
            answers.add(sayHello(context, "stop"));
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }

    /** Starts after the server, and does not. */
    static class FailsLate implements SmartLifecycle {

        @Override
        public void start() {
            throw new IllegalStateException("no");
        }

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return false;
        }
    }
}
