// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Cancellation;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Two servers over real sockets: the outer one calls the inner one while it answers. */
@Timeout(60)
class CallPropagationTests {

    private final Inner inner = new Inner();
    private Server server;
    private ApplicationContextRunner runner;

    @BeforeEach
    void serve() throws IOException {
        server = Calls.serve(inner);
        runner = ClientRunners.runner()
                .withConfiguration(AutoConfigurations.of(GrpcServerAutoConfiguration.class))
                .withPropertyValues(
                        "grpc.server.address=127.0.0.1",
                        "grpc.server.port=0",
                        "grpc.client.inner.target=" + ClientRunners.targetOf(server));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(classes = {Blocking.class, Asynchronous.class, Continuing.class})
    void aCallDownstreamIsCancelledWithTheCallItIsMadeFor(Class<?> outer) {
        assertCancelledDownstream(runner.withBean(outer));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aCallDownstreamOfAVirtualThreadIsCancelledWithTheCallItIsMadeFor() {
        assertCancelledDownstream(
                runner.withBean(Blocking.class).withPropertyValues("grpc.server.executor.virtual=true"));
    }

    private void assertCancelledDownstream(ApplicationContextRunner applications) {
        applications.run(context -> {
            CompletableFuture<HelloReply> call = startCall(context);
            Cancellation downstream = inner.arrivals.poll(20, TimeUnit.SECONDS).cancellation();
            CountDownLatch cancelled = new CountDownLatch(1);
            downstream.onCancel(cancelled::countDown);
            call.cancel(true);
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        });
    }

    @Test
    void theEarlierDeadlineCounts() {
        runner.withBean(Blocking.class)
                .withPropertyValues("grpc.client.inner.deadline=5m")
                .run(context -> {
                    try (ManagedChannel channel = Calls.channelTo(context)) {
                        Greeter.Client outer = Greeter.Client.create(channel);
                        inner.release.countDown();
                        outer.withDeadlineAfter(Duration.ofMinutes(3)).sayHello(HelloService.request("shorter"));
                        outer.withDeadlineAfter(Duration.ofMinutes(30)).sayHello(HelloService.request("longer"));
                    }
                    assertThat(minutesLeft(inner.arrivals.take())).isEqualTo(3);
                    assertThat(minutesLeft(inner.arrivals.take())).isEqualTo(5);
                });
    }

    @Test
    void aDeadlineThatPassesEndsBothCalls() {
        runner.withBean(Blocking.class).run(context -> {
            try (ManagedChannel channel = Calls.channelTo(context)) {
                Greeter.Client outer = Greeter.Client.create(channel).withDeadlineAfter(Duration.ofMillis(500));
                do { // The first calls of all may not get that far in time.
                    assertThatExceptionOfType(StatusException.class)
                            .isThrownBy(() -> outer.sayHello(HelloService.request("you")));
                } while (inner.arrivals.isEmpty());
            }
            CountDownLatch cancelled = new CountDownLatch(1);
            inner.arrivals.poll(20, TimeUnit.SECONDS).cancellation().onCancel(cancelled::countDown);
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        });
    }

    @Test
    void theDeadlineCanBeKeptOut() {
        runner.withBean(Blocking.class)
                .withPropertyValues("grpc.client.inner.propagate.deadline=false")
                .run(context -> {
                    inner.release.countDown();
                    try (ManagedChannel channel = Calls.channelTo(context)) {
                        Calls.sayHello(Greeter.Client.create(channel), "you");
                    }
                    assertThat(inner.arrivals.take().deadline()).isNull();
                });
    }

    @Test
    void cancellationCanBeKeptOut() {
        runner.withBean(Asynchronous.class)
                .withPropertyValues("grpc.client.inner.propagate.cancellation=false")
                .run(context -> {
                    Asynchronous outer = context.getBean(Asynchronous.class);
                    CompletableFuture<HelloReply> call = startCall(context);
                    inner.arrivals.poll(20, TimeUnit.SECONDS);
                    call.cancel(true);
                    assertThat(outer.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
                    inner.release.countDown();
                    assertThat(outer.downstream.get(20, TimeUnit.SECONDS).getMessage())
                            .isEqualTo("Hello you");
                });
    }

    @Test
    void aCallOfNobodysIsLeftAlone() {
        runner.run(context -> {
            inner.release.countDown();
            Greeter.Client client =
                    Greeter.Client.create(context.getBean(GrpcChannels.class).channel("inner"));
            assertThat(Calls.sayHello(client, "you")).isEqualTo("Hello you");
        });
    }

    private static long minutesLeft(CallContext call) {
        return call.deadline().remaining().plusSeconds(59).toMinutes();
    }

    private static CompletableFuture<HelloReply> startCall(ApplicationContext context) {
        ManagedChannel channel = ManagedChannel.builder(
                        "127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.grpc.server.port"))
                .build();
        CompletableFuture<HelloReply> call = Greeter.AsyncClient.create(channel)
                .sayHello(HelloService.request("you"))
                .toCompletableFuture();
        call.whenComplete((reply, failure) -> channel.shutdown());
        return call;
    }

    /** Waits until it is let go or interrupted. */
    private static final class Inner implements Greeter.Service {

        private final BlockingQueue<CallContext> arrivals = new LinkedBlockingQueue<>();
        private final CountDownLatch release = new CountDownLatch(1);

        @Override
        public HelloReply sayHello(HelloRequest request) {
            arrivals.add(CallContext.current());
            try {
                release.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return HelloService.reply("Hello " + request.getName());
        }
    }

    @GrpcService
    static class Blocking implements Greeter.Service {

        @GrpcClient("inner")
        private Greeter.Client inner;

        @Override
        public HelloReply sayHello(HelloRequest request) {
            return inner.sayHello(request);
        }
    }

    @GrpcService
    static class Asynchronous implements Greeter.AsyncService {

        private final CountDownLatch cancelled = new CountDownLatch(1);
        private volatile CompletableFuture<HelloReply> downstream;

        @GrpcClient("inner")
        private Greeter.AsyncClient inner;

        @Override
        public CompletionStage<HelloReply> sayHello(HelloRequest request) {
            downstream = inner.sayHello(request).toCompletableFuture();
            CallContext.current().cancellation().onCancel(cancelled::countDown);
            return downstream.copy();
        }
    }

    /** Calls from a thread of another pool, to which it hands the call it answers. */
    @GrpcService
    static class Continuing implements Greeter.AsyncService {

        @GrpcClient("inner")
        private Greeter.AsyncClient inner;

        @Override
        public CompletionStage<HelloReply> sayHello(HelloRequest request) {
            Executor pool = work -> ForkJoinPool.commonPool().execute(new GrpcCallTaskDecorator().decorate(work));
            return CompletableFuture.supplyAsync(() -> inner.sayHello(request), pool)
                    .thenCompose(reply -> reply);
        }
    }
}
