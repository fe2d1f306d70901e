// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.SlowService;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The channels of an application: when they come, who gets which, and when there are none any more. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ChannelRegisterTests {

    @Test
    void thoseThatWereMadeAreThereByNameAndOthersAreMadeWhenTheyAreAskedFor() throws Exception {
        try (Server server = Calls.serve(new HelloService())) {
            ClientRunners.runner(server).run(context -> {
                GrpcChannels channels = context.getBean(GrpcChannels.class);
                assertThat(channels.open()).isEmpty();
                ManagedChannel greeter = channels.channel("greeter");
                assertThat(sayHello(Greeter.Client.create(greeter), "you")).isEqualTo("Hello you");
                assertThat(channels.channel("greeter")).isSameAs(greeter);
                assertThat(channels.open()).isEqualTo(Map.of("greeter", greeter));
            });
        }
    }

    @Test
    void aNameThatIsReservedIsNoClients() {
        ClientRunners.runner().run(context -> {
            GrpcChannels channels = context.getBean(GrpcChannels.class);
            assertThatExceptionOfType(FailureAnalyzedException.class)
                    .isThrownBy(() -> channels.channel("enabled"))
                    .withMessageContaining("grpc.client.enabled says whether there are clients at all");
            assertThatExceptionOfType(FailureAnalyzedException.class)
                    .isThrownBy(() -> channels.channel("default"))
                    .withMessageContaining("counts for all clients");
        });
    }

    @Test
    void whoeverWantsAClientWhileTheContainerIsBusyWaitsForNobodyWhoWaitsForHim() {
        ClientRunners.runner()
                .withUserConfiguration(Crossing.class)
                .withPropertyValues("grpc.client.default.target=127.0.0.1:1")
                .run(context -> {
                    GrpcChannels channels = context.getBean(GrpcChannels.class);
                    CompletableFuture<?> inside = async(() -> context.getBean("insideTheContainer"));
                    CompletableFuture<?> outside = async(() -> channels.channel("outside"));
                    assertThat(inside).succeedsWithin(60, TimeUnit.SECONDS);
                    assertThat(outside).succeedsWithin(60, TimeUnit.SECONDS);
                    assertThat(channels.open()).containsOnlyKeys("inside", "outside");
                });
    }

    @Test
    void threadsThatAskForTheSameClientAtOnceGetTheSameChannel() {
        CyclicBarrier both = new CyclicBarrier(2);
        List<ManagedChannel.Builder> builders = new CopyOnWriteArrayList<>();
        ClientRunners.runner()
                .withPropertyValues("grpc.client.default.target=127.0.0.1:1")
                .withBean(GrpcChannelCustomizer.class, () -> (name, channel) -> {
                    builders.add(channel);
                    meet(both);
                })
                .run(context -> {
                    GrpcChannels channels = context.getBean(GrpcChannels.class);
                    CompletableFuture<ManagedChannel> one = asyncChannel(channels);
                    CompletableFuture<ManagedChannel> other = asyncChannel(channels);
                    assertThat(one.get(60, TimeUnit.SECONDS)).isSameAs(other.get(60, TimeUnit.SECONDS));
                    assertThat(one.join().state()).isEqualTo(ConnectivityState.IDLE);
                    assertThat(builders).hasSize(2);
                });
    }

    @Test
    void aChannelThatComesSecondOrTooLateIsClosed() {
        ChannelRegister register = new ChannelRegister();
        ManagedChannel first = ManagedChannel.builder("127.0.0.1:1").build();
        ManagedChannel second = ManagedChannel.builder("127.0.0.1:1").build();
        ManagedChannel late = ManagedChannel.builder("127.0.0.1:1").build();

        assertThat(register.addUnlessThere("greeter", first, Duration.ZERO)).isSameAs(first);
        assertThat(register.addUnlessThere("greeter", second, Duration.ZERO)).isSameAs(first);
        assertThat(second.state()).isEqualTo(ConnectivityState.SHUTDOWN);
        assertThat(first.state()).isEqualTo(ConnectivityState.IDLE);

        register.destroy();
        assertThat(first.state()).isEqualTo(ConnectivityState.SHUTDOWN);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> register.addUnlessThere("other", late, Duration.ZERO));
        assertThat(late.state()).isEqualTo(ConnectivityState.SHUTDOWN);
    }

    @Test
    void aChannelThatIsAskedForWhileTheOthersCloseIsRefusedAtOnce() throws Exception {
        SlowService service = new SlowService();
        try (Server server = Calls.serve(service)) {
            CompletableFuture<Void> closed = new CompletableFuture<>();
            ClientRunners.runner(server)
                    .withPropertyValues("grpc.client.greeter.shutdown.grace-period=60s")
                    .run(context -> {
                        GrpcChannels channels = context.getBean(GrpcChannels.class);
                        ManagedChannel greeter = channels.channel("greeter");
                        CompletableFuture<HelloReply> call = Greeter.AsyncClient.create(greeter)
                                .sayHello(HelloService.request("you"))
                                .toCompletableFuture();
                        assertThat(service.arrived.await(20, TimeUnit.SECONDS)).isTrue();
                        ApplicationContext closing = context.getSourceApplicationContext();
                        async(() -> {
                                    ((AutoCloseable) closing).close();
                                    return true;
                                })
                                .thenRun(() -> closed.complete(null));
                        await().atMost(Duration.ofSeconds(20))
                                .until(() -> greeter.state() == ConnectivityState.SHUTDOWN);

                        assertThatExceptionOfType(IllegalStateException.class)
                                .isThrownBy(() -> channels.channel("other"))
                                .withMessageContaining("the application that had it has stopped");
                        assertThat(channels.open()).isEmpty();
                        assertThat(closed).isNotDone();
                        service.answer.countDown();
                        assertThat(call).succeedsWithin(20, TimeUnit.SECONDS);
                    });
            assertThat(closed).succeedsWithin(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aChannelThatSomebodyShutDownIsNotHandedOutAgain() throws Exception {
        try (Server server = Calls.serve(new HelloService())) {
            ClientRunners.runner(server).run(context -> {
                GrpcChannels channels = context.getBean(GrpcChannels.class);
                ManagedChannel gone = channels.channel("greeter");
                gone.close();
                ManagedChannel next = channels.channel("greeter");
                assertThat(next).isNotSameAs(gone);
                assertThat(sayHello(Greeter.Client.create(next), "you")).isEqualTo("Hello you");
                assertThat(channels.open()).isEqualTo(Map.of("greeter", next));
            });
        }
    }

    @Test
    void aChannelTakesThePlaceOfOneThatWasShutDownMeanwhile() {
        ChannelRegister register = new ChannelRegister();
        ManagedChannel gone = ManagedChannel.builder("127.0.0.1:1").build();
        ManagedChannel next = ManagedChannel.builder("127.0.0.1:1").build();
        register.addUnlessThere("greeter", gone, Duration.ZERO);
        gone.shutdown();
        assertThat(register.addUnlessThere("greeter", next, Duration.ZERO)).isSameAs(next);
        assertThat(next.state()).isEqualTo(ConnectivityState.IDLE);
        register.destroy();
    }

    @Test
    void aChannelThatIsClosedIsForgottenAtOnceAndItsCallsMayFinish() throws Exception {
        SlowService service = new SlowService();
        try (Server server = Calls.serve(service)) {
            ClientRunners.runner(server)
                    .withPropertyValues("grpc.client.greeter.shutdown.grace-period=60s")
                    .run(context -> {
                        GrpcChannels channels = context.getBean(GrpcChannels.class);
                        ManagedChannel greeter = channels.channel("greeter");
                        CompletableFuture<HelloReply> call = callThatArrives(service, greeter);
                        CompletableFuture<?> closed = async(() -> {
                            channels.close("greeter");
                            return true;
                        });
                        await().atMost(Duration.ofSeconds(20))
                                .until(() -> greeter.state() == ConnectivityState.SHUTDOWN);

                        assertThat(channels.open()).isEmpty();
                        assertThat(channels.channel("greeter")).isNotSameAs(greeter);
                        assertThat(closed).isNotDone();
                        service.answer.countDown();
                        assertThat(call).succeedsWithin(20, TimeUnit.SECONDS);
                        assertThat(closed).succeedsWithin(20, TimeUnit.SECONDS);
                        assertThat(channels.open()).containsOnlyKeys("greeter");
                    });
        }
    }

    @Test
    void callsThatGoOnForLongerThanAClosedChannelsGraceAreCancelled() throws Exception {
        SlowService service = new SlowService();
        try (Server server = Calls.serve(service)) {
            ClientRunners.runner(server)
                    .withPropertyValues("grpc.client.greeter.shutdown.grace-period=0s")
                    .run(context -> {
                        GrpcChannels channels = context.getBean(GrpcChannels.class);
                        CompletableFuture<HelloReply> call = callThatArrives(service, channels.channel("greeter"));
                        channels.close("greeter");
                        assertThat(call).failsWithin(20, TimeUnit.SECONDS);
                        channels.close("greeter");
                        channels.close("nobody");
                    });
            service.answer.countDown();
        }
    }

    @Test
    void aChannelThatSomebodyShutDownEndsWithTheApplicationAtTheLatest() throws Exception {
        SlowService service = new SlowService();
        try (Server server = Calls.serve(service)) {
            CompletableFuture<CompletableFuture<HelloReply>> call = new CompletableFuture<>();
            ClientRunners.runner(server)
                    .withPropertyValues("grpc.client.greeter.shutdown.grace-period=0s")
                    .run(context -> {
                        GrpcChannels channels = context.getBean(GrpcChannels.class);
                        ManagedChannel greeter = channels.channel("greeter");
                        call.complete(callThatArrives(service, greeter));
                        greeter.shutdown();
                        assertThat(channels.channel("greeter")).isNotSameAs(greeter);
                    });
            assertThat(call.join()).failsWithin(20, TimeUnit.SECONDS);
            service.answer.countDown();
        }
    }

    private static CompletableFuture<HelloReply> callThatArrives(SlowService service, ManagedChannel channel)
            throws InterruptedException {
        CompletableFuture<HelloReply> call = Greeter.AsyncClient.create(channel)
                .sayHello(HelloService.request("you"))
                .toCompletableFuture();
        assertThat(service.arrived.await(20, TimeUnit.SECONDS)).isTrue();
        return call;
    }

    private static CompletableFuture<ManagedChannel> asyncChannel(GrpcChannels channels) {
        return async(() -> channels.channel("greeter")).thenApply(ManagedChannel.class::cast);
    }

    private interface Action {

        Object run() throws Exception;
    }

    /** On a thread of its own, that no test waits for when it hangs. */
    private static CompletableFuture<Object> async(Action action) {
        CompletableFuture<Object> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                done.complete(action.run());
            } catch (Throwable failure) {
                done.completeExceptionally(failure);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception missed) {
            throw new IllegalStateException(missed);
        }
    }

    /** One thread has the container's lock and wants a channel, another makes a channel and wants a bean. */
    @Configuration(proxyBeanMethods = false)
    static class Crossing {

        private final CountDownLatch beanIsBeingMade = new CountDownLatch(1);
        private final CountDownLatch channelIsBeingMade = new CountDownLatch(1);

        @Bean
        @Lazy
        String insideTheContainer(@GrpcClient("inside") ObjectProvider<Greeter.Client> greeter) throws Exception {
            beanIsBeingMade.countDown();
            if (!channelIsBeingMade.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody makes a channel");
            }
            return greeter.getObject().toString();
        }

        @Bean
        GrpcChannelCustomizer customizer(BeanFactory beans) {
            return (name, channel) -> {
                if (name.equals("outside")) {
                    channelIsBeingMade.countDown();
                    await().atMost(Duration.ofSeconds(30)).until(() -> beanIsBeingMade.getCount() == 0);
                    beans.getBean("needed");
                }
            };
        }

        @Bean
        @Lazy
        Object needed() {
            return new Object();
        }
    }
}
