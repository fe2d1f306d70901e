// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.SlowService;
import dev.peregrine.grpc.server.Server;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What happens to clients when an application stops. */
@Timeout(60)
class ClientShutdownTests {

    @Test
    void aCallThatWasLeftBehindMayFinish() throws Exception {
        SlowService service = new SlowService();
        try (Server server = Calls.serve(service)) {
            ConfigurableApplicationContext context =
                    start(Application.class, server, "--grpc.client.greeter.shutdown.grace-period=30s");
            CompletableFuture<HelloReply> call = callOf(context);
            assertThat(service.arrived.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Boolean> destroyed = context.getBean(Asynchronous.class).destroyed;
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(context::close);
            assertThat(destroyed.get(20, TimeUnit.SECONDS)).isTrue();
            service.answer.countDown();
            stopped.get(20, TimeUnit.SECONDS);
            assertThat(call.get(20, TimeUnit.SECONDS).getMessage()).startsWith("Hello at last");
        }
    }

    @Test
    void aCallThatTakesLongerThanTheGraceIsCancelled() throws Exception {
        SlowService service = new SlowService();
        try (Server server = Calls.serve(service)) {
            ConfigurableApplicationContext context =
                    start(Application.class, server, "--grpc.client.default.shutdown.grace-period=100ms");
            CompletableFuture<HelloReply> call = callOf(context);
            assertThat(service.arrived.await(20, TimeUnit.SECONDS)).isTrue();
            context.close();
            assertThat(call)
                    .failsWithin(20, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            StatusException.class,
                            failure -> assertThat(failure.status().code())
                                    .isIn(StatusCode.CANCELLED, StatusCode.UNAVAILABLE));
        }
    }

    @Test
    void aBeanThatMadeItsFirstCallLateMayStillCallWhileItIsDestroyed() throws IOException {
        try (Server server = Calls.serve(new HelloService())) {
            ConfigurableApplicationContext context = start(LateApplication.class, server);
            Late late = context.getBean(Late.class);
            assertThat(sayHello(late.greeter.getObject(), "first")).isEqualTo("Hello first");
            context.close();
            assertThat(late.last).isEqualTo("Hello last");
        }
    }

    private static CompletableFuture<HelloReply> callOf(ConfigurableApplicationContext context) {
        return context.getBean(Asynchronous.class)
                .greeter
                .sayHello(HelloService.request("you"))
                .toCompletableFuture();
    }

    private static ConfigurableApplicationContext start(Class<?> application, Server server, String... arguments) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .properties("grpc.client.greeter.target=" + ClientRunners.targetOf(server))
                .run(arguments);
    }

    @Configuration(proxyBeanMethods = false)
    @Import({GrpcClientAutoConfiguration.class, Asynchronous.class})
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    @Import(GrpcClientAutoConfiguration.class)
    static class LateApplication {

        @Bean
        Late late(@GrpcClient("greeter") ObjectProvider<Greeter.Client> greeter) {
            return new Late(greeter);
        }
    }

    static class Asynchronous {

        private final Greeter.AsyncClient greeter;
        private final CompletableFuture<Boolean> destroyed = new CompletableFuture<>();

        Asynchronous(@GrpcClient("greeter") Greeter.AsyncClient greeter) {
            this.greeter = greeter;
        }

        @PreDestroy
        void leave() {
            destroyed.complete(true);
        }
    }

    static class Late {

        private final ObjectProvider<Greeter.Client> greeter;
        private String last = "";

        Late(ObjectProvider<Greeter.Client> greeter) {
            this.greeter = greeter;
        }

        @PreDestroy
        void leave() {
            last = sayHello(greeter.getObject(), "last");
        }
    }
}
