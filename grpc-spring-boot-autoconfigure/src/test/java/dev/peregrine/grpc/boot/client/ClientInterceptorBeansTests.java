// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Which interceptors see the calls of a client, and in which order. */
class ClientInterceptorBeansTests {

    private static Server server;

    private final ApplicationContextRunner runner = ClientRunners.runner(server)
            .withUserConfiguration(Interceptors.class)
            .withBean(Caller.class);

    @BeforeAll
    static void serve() throws IOException {
        server = Calls.serve(new HelloService());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void globalAndNamedOnesStandTogetherInTheirOrderAndThoseOfACallBehindThem() {
        runner.withPropertyValues("grpc.client.greeter.interceptors=unordered,named")
                .run(context -> {
                    List<String> saw = context.getBean(Interceptors.class).saw;
                    sayHello(context.getBean(Caller.class).greeter.withInterceptors(new Witness("call", saw)), "you");
                    assertThat(saw).containsExactly("authentication", "named", "global", "unordered", "call");
                });
    }

    @Test
    void oneThatIsBothNamedAndGlobalSeesACallOnce() {
        runner.withPropertyValues("grpc.client.greeter.interceptors=global").run(context -> {
            sayHello(context.getBean(Caller.class).greeter, "you");
            assertThat(context.getBean(Interceptors.class).saw).containsExactly("authentication", "global");
        });
    }

    @Test
    void aClientMayDoWithoutTheGlobalOnesOfTheApplication() {
        runner.withPropertyValues(
                        "grpc.client.greeter.global-interceptors=false", "grpc.client.greeter.interceptors=named")
                .run(context -> {
                    sayHello(context.getBean(Caller.class).greeter, "you");
                    assertThat(context.getBean(Interceptors.class).saw).containsExactly("named");
                });
    }

    @Test
    void noClientDoesWithoutObservation() {
        runner.withUserConfiguration(Observation.class)
                .withPropertyValues("grpc.client.greeter.global-interceptors=false")
                .run(context -> {
                    sayHello(context.getBean(Caller.class).greeter, "you");
                    assertThat(context.getBean(Interceptors.class).saw)
                            .containsExactly("observation", "metrics", "ordered");
                });
    }

    @Test
    void whatAsksForTheLastPlaceStandsBehindWhatAsksForNone() {
        runner.withUserConfiguration(Nearest.class)
                .withPropertyValues("grpc.client.greeter.interceptors=unordered")
                .run(context -> {
                    sayHello(context.getBean(Caller.class).greeter, "you");
                    assertThat(context.getBean(Interceptors.class).saw)
                            .containsExactly("authentication", "global", "unordered", "nearest");
                });
    }

    @Test
    void anInterceptorThatTellsItsOrderItselfMayHaveAClientThatDoesWithoutIt() {
        runner.withBean(SelfOrdered.class)
                .withPropertyValues(
                        "grpc.client.tokens.target=" + ClientRunners.targetOf(server),
                        "grpc.client.tokens.global-interceptors=false")
                .run(context -> {
                    sayHello(context.getBean(Caller.class).greeter, "you");
                    assertThat(context.getBean(SelfOrdered.class).calls).hasValue(1);
                });
    }

    @Test
    void whatAnInterceptorTellsItselfCountsMoreThanWhatItsClassDeclares() {
        ApplicationContextRunner undecided = runner.withUserConfiguration(Undecided.class);
        undecided.run(context -> {
            sayHello(context.getBean(Caller.class).greeter, "you");
            assertThat(context.getBean(Interceptors.class).saw)
                    .containsExactly("authentication", "global", "undecided");
        });
        undecided
                .withPropertyValues("grpc.client.greeter.global-interceptors=false")
                .run(context -> {
                    sayHello(context.getBean(Caller.class).greeter, "you");
                    assertThat(context.getBean(Interceptors.class).saw).isEmpty();
                });
    }

    @Test
    void aGlobalInterceptorMayHaveAClientThatDoesWithoutIt() {
        runner.withUserConfiguration(TokenConfiguration.class)
                .withPropertyValues(
                        "grpc.client.tokens.target=" + ClientRunners.targetOf(server),
                        "grpc.client.tokens.global-interceptors=false")
                .run(context -> {
                    sayHello(context.getBean(Caller.class).greeter, "you");
                    assertThat(context.getBean(Interceptors.class).saw).contains("token: Hello token");
                });
    }

    @Test
    void aNameThatIsNoInterceptorIsSaidWithThoseThatThereAre() {
        runner.withPropertyValues("grpc.client.greeter.interceptors=nobody").run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .isEqualTo(
                            "grpc.client.greeter.interceptors names 'nobody', and there is no bean of that name which"
                                    + " is a dev.peregrine.grpc.client.ClientInterceptor.");
            assertThat(analysisOf(context).getAction()).contains("authentication", "global", "named", "unordered");
        });
    }

    static class Caller {
        @GrpcClient("greeter")
        private Greeter.Client greeter;
    }

    @Configuration(proxyBeanMethods = false)
    static class Interceptors {

        final List<String> saw = new CopyOnWriteArrayList<>();

        @Bean
        @Order(GrpcClientInterceptorOrder.APPLICATION)
        @GrpcGlobalClientInterceptor
        ClientInterceptor global() {
            return new Witness("global", saw);
        }

        @Bean
        @Order(GrpcClientInterceptorOrder.AUTHENTICATION)
        @GrpcGlobalClientInterceptor
        ClientInterceptor authentication() {
            return new Witness("authentication", saw);
        }

        @Bean
        ClientInterceptor unordered() {
            return new Witness("unordered", saw);
        }

        @Bean
        @Order(-1)
        ClientInterceptor named() {
            return new Witness("named", saw);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TokenConfiguration {

        @Bean
        @GrpcGlobalClientInterceptor
        ClientInterceptor tokens(@GrpcClient("tokens") Greeter.Client tokens, Interceptors interceptors) {
            return new Witness("token: " + sayHello(tokens, "token"), interceptors.saw);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Observation {

        @Bean
        @Order(GrpcClientInterceptorOrder.OBSERVATION)
        @GrpcGlobalClientInterceptor
        ClientInterceptor observation(Interceptors interceptors) {
            return new Witness("observation", interceptors.saw);
        }

        @Bean
        @Order(GrpcClientInterceptorOrder.OBSERVATION + 1)
        @GrpcGlobalClientInterceptor
        ClientInterceptor metrics(Interceptors interceptors) {
            return new Witness("metrics", interceptors.saw);
        }

        @Bean
        @GrpcGlobalClientInterceptor
        OrderedWitness ordered(Interceptors interceptors) {
            return new OrderedWitness(new Witness("ordered", interceptors.saw));
        }
    }

    record OrderedWitness(Witness witness) implements ClientInterceptor, Ordered {

        @Override
        public int getOrder() {
            return GrpcClientInterceptorOrder.OBSERVATION + 2;
        }

        @Override
        public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return witness.intercept(method, options, next);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Nearest {

        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        @GrpcGlobalClientInterceptor
        ClientInterceptor nearest(Interceptors interceptors) {
            return new Witness("nearest", interceptors.saw);
        }
    }

    @GrpcGlobalClientInterceptor
    static class SelfOrdered implements ClientInterceptor, Ordered {

        private final AtomicInteger calls = new AtomicInteger();

        SelfOrdered(@GrpcClient("tokens") Greeter.Client tokens) {
            assertThat(sayHello(tokens, "token")).isEqualTo("Hello token");
        }

        @Override
        public int getOrder() {
            return GrpcClientInterceptorOrder.AUTHENTICATION;
        }

        @Override
        public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            calls.incrementAndGet();
            return next.newCall(method, options);
        }
    }

    @Order(GrpcClientInterceptorOrder.OBSERVATION)
    @GrpcGlobalClientInterceptor
    record Undecided(Interceptors interceptors) implements ClientInterceptor, Ordered {

        @Override
        public int getOrder() {
            return GrpcClientInterceptorOrder.APPLICATION + 1;
        }

        @Override
        public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            interceptors.saw.add("undecided");
            return next.newCall(method, options);
        }
    }

    record Witness(String name, List<String> saw) implements ClientInterceptor {

        @Override
        public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            saw.add(name);
            return next.newCall(method, options);
        }
    }
}
