// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.client.GrpcClientAutoConfiguration;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.ManagedChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What development tools and checkpoints do: a context that goes and comes again, in a process that stays. */
@Timeout(120)
class RestartTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(GrpcServerAutoConfiguration.class, GrpcClientAutoConfiguration.class))
            .withPropertyValues(
                    "grpc.server.address=127.0.0.1",
                    "grpc.server.port=0",
                    "grpc.servers.within.address=inprocess:restart",
                    "grpc.client.greeter.target=inprocess:restart")
            .withUserConfiguration(Application.class);

    @Test
    void clientsAndServersOfAContextGoOnWhenItIsStartedAgain() {
        runner.run(context -> {
            Greeter.Client greeter = context.getBean(Caller.class).greeter;
            for (int i = 0; i < 3; i++) {
                // The channel has found nobody, and takes its time before it looks again.
                assertThat(sayHello(greeter.withWaitForReady(), "within")).isEqualTo("Hello within");
                assertThat(sayHello(context, "network")).isEqualTo("Hello network");

                restartable(context).stop();

                assertThatExceptionOfType(StatusException.class)
                        .isThrownBy(() -> sayHello(greeter, "nobody"))
                        .satisfies(refused -> assertThat(refused.code()).isEqualTo(StatusCode.UNAVAILABLE));
                restartable(context).start();
            }
            assertThat(sayHello(greeter.withWaitForReady(), "again")).isEqualTo("Hello again");
        });
    }

    @Test
    void aClosedContextLeavesItsPortToTheNext() {
        String[] port = new String[1];
        runner.run(context -> {
            port[0] = context.getEnvironment().getRequiredProperty("local.grpc.server.port");
            assertThat(sayHello(context, "first")).isEqualTo("Hello first");
        });
        runner.withPropertyValues("grpc.server.port=" + port[0])
                .run(context -> assertThat(sayHello(context, "second")).isEqualTo("Hello second"));
    }

    @Test
    void aClosedContextLeavesNoThreadBehind(@TempDir Path directory) {
        Set<Thread> before = ourThreads();
        String socket = "unix:" + directory.resolve("s");
        runner.withPropertyValues("grpc.servers.socket.address=" + socket, "grpc.servers.socket.transport=nio")
                .run(context -> {
                    assertThat(sayHello(context.getBean(Caller.class).greeter, "within"))
                            .isEqualTo("Hello within");
                    assertThat(sayHello(context, "network")).isEqualTo("Hello network");
                    try (ManagedChannel channel = ManagedChannel.builder(socket).build()) {
                        assertThat(sayHello(Greeter.Client.create(channel), "socket"))
                                .isEqualTo("Hello socket");
                    }
                    assertThat(ourThreads()).as("those to look for").isNotEmpty();
                });
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(ourThreads()).isSubsetOf(before));
    }

    private static Set<Thread> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("grpc-"))
                .collect(Collectors.toSet());
    }

    private static ConfigurableApplicationContext restartable(AssertableApplicationContext context) {
        return context.getSourceApplicationContext(ConfigurableApplicationContext.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        @GrpcService(servers = GrpcServers.ALL)
        HelloService helloService() {
            return new HelloService();
        }

        @Bean
        Caller caller() {
            return new Caller();
        }
    }

    static class Caller {

        @GrpcClient("greeter")
        private Greeter.Client greeter;
    }
}
