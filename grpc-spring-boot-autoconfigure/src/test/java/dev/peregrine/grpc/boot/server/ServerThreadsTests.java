// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Calls.channelTo;
import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.SlowService;
import dev.peregrine.grpc.client.ManagedChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.task.ThreadPoolTaskExecutorCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Which threads blocking handlers run on. */
@Timeout(60)
class ServerThreadsTests {

    private final ApplicationContextRunner runner = ServerRunners.runner()
            .withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
            .withBean(WhichThread.class);

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void handlersRunOnABoundedPoolUnlessToldOtherwise(CapturedOutput output) {
        runner.run(context -> {
            assertThat(sayHello(context, "")).matches("grpc-handler-\\d+, platform");
            assertThat(output).contains("blocking handlers run on a pool of 200 threads");
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void handlersRunOnVirtualThreadsWhereSpringDoes() {
        runner.withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> assertThat(sayHello(context, "")).endsWith(", virtual"));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aServerMayDifferFromSpring() {
        runner.withPropertyValues("grpc.server.executor.virtual=true")
                .run(context -> assertThat(sayHello(context, "")).endsWith(", virtual"));
        runner.withPropertyValues("spring.threads.virtual.enabled=true", "grpc.server.executor.virtual=false")
                .run(context -> assertThat(sayHello(context, "")).endsWith(", platform"));
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void virtualThreadsThatThereAreNotAreRefused() {
        runner.withPropertyValues("grpc.server.executor.virtual=true")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("grpc.server.executor.virtual is true, but this is Java "));
        runner.withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> assertThat(sayHello(context, "")).endsWith(", platform"));
    }

    @Test
    void taskDecoratorsAreAppliedToHandlers() {
        runner.withUserConfiguration(Decorated.class)
                .run(context -> assertThat(sayHello(context, "")).startsWith("decorated grpc-handler-"));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void taskDecoratorsAreAppliedToHandlersOnVirtualThreads() {
        runner.withUserConfiguration(Decorated.class)
                .withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> assertThat(sayHello(context, ""))
                        .startsWith("decorated grpc-handler-")
                        .endsWith(", virtual"));
    }

    @Test
    void aServerMayHaveAnExecutorOfTheApplication() {
        runner.withUserConfiguration(OwnExecutor.class)
                .withPropertyValues(
                        "grpc.server.services=*",
                        "grpc.servers.internal.port=0",
                        "grpc.servers.internal.services=*",
                        "grpc.servers.internal.executor.bean=mine")
                .run(context -> {
                    assertThat(sayHello(context, "")).startsWith("grpc-handler-");
                    try (ManagedChannel channel = ManagedChannel.builder("127.0.0.1:"
                                    + context.getBean(GrpcServers.class).port("internal"))
                            .build()) {
                        assertThat(Calls.sayHello(Greeter.Client.create(channel), ""))
                                .startsWith("mine, ");
                    }
                });
    }

    @Test
    void aMethodMayHaveAnExecutorOfTheApplication() {
        runner.withUserConfiguration(OwnExecutor.class)
                .withPropertyValues(
                        "grpc.server.methods[0].match=fixture.Greeter", "grpc.server.methods[0].executor=mine")
                .run(context -> assertThat(sayHello(context, "")).startsWith("mine, "));
    }

    @Test
    void anExecutorOfPropertiesCountsMoreThanThatOfTheService() {
        ServerRunners.runner()
                .withUserConfiguration(OwnExecutor.class)
                .withBean("theirs", Executor.class, () -> Runnable::run)
                .withBean(Undecided.class)
                .withPropertyValues("grpc.server.methods[0].match=*", "grpc.server.methods[0].executor=mine")
                .run(context -> assertThat(sayHello(context, "")).startsWith("mine, "));
    }

    @Test
    void anExecutorOfAMethodThatIsMissingOrNoneIsNamed() {
        runner.withUserConfiguration(OwnExecutor.class)
                .withPropertyValues(
                        "grpc.server.methods[0].match=fixture.Greeter", "grpc.server.methods[0].executor=grpcServers")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("There is no executor 'grpcServers', which is named by"
                                + " grpc.server.methods, for fixture.Greeter/SayHello. Executors there are: "));
    }

    @ParameterizedTest
    @CsvSource({
        "grpc.server.executor.pool-size, 1, grpc.servers.internal.executor.bean, missing",
        "grpc.server.executor.pool-size, 1, grpc.servers.internal.address, 192.0.2.1" // RFC 5737: nobody's
    })
    void threadsOfServersThatDoNotStartEnd(String one, String value, String other, String wrong) {
        Set<Thread> before = handlerThreads();
        runner.withBean(ThreadPoolTaskExecutorCustomizer.class, () -> pool -> pool.setPrestartAllCoreThreads(true))
                .withPropertyValues(
                        "grpc.server.services=*",
                        "grpc.servers.internal.services=*",
                        "grpc.servers.internal.port=0",
                        one + "=" + value,
                        other + "=" + wrong)
                .run(context -> {
                    assertThat(context).hasFailed();
                    await().until(() -> before.containsAll(handlerThreads()));
                });
    }

    private static Set<Thread> handlerThreads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().startsWith("grpc-handler-"));
        return threads;
    }

    /** Spring would wait for its tasks first, and let no other begin. */
    @ParameterizedTest
    @ValueSource(strings = {"close", "stop"})
    void anExecutorOfTheApplicationWorksWhileTheServersDrain(String end) {
        ServerRunners.runner()
                .withUserConfiguration(ServerLifecycleTests.Slow.class)
                .withBean("mine", ThreadPoolTaskExecutor.class)
                .withPropertyValues("grpc.server.executor.bean=mine")
                .run(context -> {
                    SlowService service = context.getBean(SlowService.class);
                    ServerDrain drain = context.getBean(ServerDrain.class);
                    ConfigurableApplicationContext ending =
                            context.getSourceApplicationContext(ConfigurableApplicationContext.class);
                    try (ManagedChannel channel = channelTo(context)) {
                        CompletableFuture<HelloReply> call = call(channel);
                        assertThat(service.arrived.await(20, TimeUnit.SECONDS)).isTrue();

                        CompletableFuture<Void> ended =
                                CompletableFuture.runAsync(end.equals("close") ? ending::close : ending::stop);
                        await().until(() -> !drain.isRunning());

                        service.answer.countDown();
                        assertThat(call.get(20, TimeUnit.SECONDS).getMessage()).startsWith("Hello at last");
                        ended.get(20, TimeUnit.SECONDS);
                    } finally {
                        service.answer.countDown();
                    }
                });
    }

    @Test
    void aPhaseThatTheApplicationChoseForItsExecutorIsKept() {
        runner.withBean("mine", ThreadPoolTaskExecutor.class, () -> {
                    ThreadPoolTaskExecutor mine = new ThreadPoolTaskExecutor();
                    mine.setPhase(7);
                    return mine;
                })
                .withPropertyValues("grpc.server.executor.bean=mine")
                .run(context -> assertThat(context.getBean("mine", ThreadPoolTaskExecutor.class)
                                .getPhase())
                        .isEqualTo(7));
    }

    @Test
    void anExecutorThatIsMissingIsNamedWithThoseThereAre() {
        runner.withUserConfiguration(OwnExecutor.class)
                .withPropertyValues("grpc.server.executor.bean=yours")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("There is no executor 'yours', which is named by grpc.server.executor.bean.")
                        .contains("mine"));
    }

    @Test
    void anExecutorAndThePoolItWouldReplaceExcludeEachOther() {
        runner.withUserConfiguration(OwnExecutor.class)
                .withPropertyValues("grpc.server.executor.bean=mine", "grpc.server.executor.pool-size=3")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("grpc.server.executor.bean is set to 'mine', and beside it pool-size=3"));
    }

    @Test
    void whatTheQueueDoesNotHoldIsRefusedAtOnce() {
        ServerRunners.runner()
                .withUserConfiguration(ServerLifecycleTests.Slow.class)
                .withPropertyValues("grpc.server.executor.pool-size=1", "grpc.server.executor.queue-capacity=1")
                .run(context -> {
                    SlowService service = context.getBean(SlowService.class);
                    try (ManagedChannel channel = channelTo(context)) {
                        List<CompletableFuture<HelloReply>> calls = new ArrayList<>();
                        calls.add(call(channel));
                        assertThat(service.arrived.await(20, TimeUnit.SECONDS)).isTrue();
                        calls.add(call(channel));
                        calls.add(call(channel));

                        await().until(() -> calls.stream().anyMatch(CompletableFuture::isDone));
                        List<CompletableFuture<HelloReply>> refused =
                                calls.stream().filter(CompletableFuture::isDone).toList();
                        assertThat(refused)
                                .hasSize(1)
                                .allSatisfy(call -> assertThat(codeOf(call)).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));

                        service.answer.countDown();
                        calls.removeAll(refused);
                        for (CompletableFuture<HelloReply> call : calls) {
                            assertThat(call.get(20, TimeUnit.SECONDS).getMessage())
                                    .startsWith("Hello");
                        }
                    } finally {
                        service.answer.countDown();
                    }
                });
    }

    @Test
    void callsOneBehindTheOtherNeedFewThreads() {
        runner.run(context -> {
            Set<String> threads = new HashSet<>();
            try (ManagedChannel channel = channelTo(context)) {
                Greeter.Client client = Greeter.Client.create(channel);
                for (int i = 0; i < 1000; i++) {
                    threads.add(Calls.sayHello(client, ""));
                }
            }
            // One; more where a call comes before the thread of the last one is back from it.
            assertThat(threads).hasSizeLessThan(100);
        });
    }

    @Test
    void thePoolEndsWithItsServer() {
        runner.run(context -> {
            sayHello(context, "");
            Thread handler = WhichThread.last;
            context.getBean(ServerStartStop.class).stop();
            handler.join(20_000);
            assertThat(handler.isAlive()).isFalse();
        });
    }

    private static CompletableFuture<HelloReply> call(ManagedChannel channel) {
        return Greeter.AsyncClient.create(channel)
                .sayHello(HelloService.request("you"))
                .toCompletableFuture();
    }

    private static StatusCode codeOf(CompletableFuture<HelloReply> failed) {
        try {
            throw new AssertionError("answered: " + failed.join());
        } catch (CompletionException failure) {
            return ((StatusException) failure.getCause()).status().code();
        }
    }

    /** Answers with the thread it runs on. */
    @GrpcService
    static class WhichThread extends HelloService {

        static final ThreadLocal<String> DECORATION = ThreadLocal.withInitial(() -> "");

        static volatile Thread last = Thread.currentThread();

        @Override
        public HelloReply sayHello(HelloRequest request) {
            Thread thread = Thread.currentThread();
            last = thread;
            boolean virtual = thread.getThreadGroup() != null
                    && thread.getThreadGroup().getName().equals("VirtualThreads");
            return reply(DECORATION.get() + thread.getName() + ", " + (virtual ? "virtual" : "platform"));
        }
    }

    @GrpcService(executor = "theirs")
    static class Undecided extends WhichThread {}

    @Configuration(proxyBeanMethods = false)
    static class Decorated {

        @Bean
        TaskDecorator decorator() {
            return task -> () -> {
                WhichThread.DECORATION.set("decorated ");
                try {
                    task.run();
                } finally {
                    WhichThread.DECORATION.remove();
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnExecutor {

        @Bean(destroyMethod = "shutdownNow")
        Executor mine() {
            return Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        }
    }
}
