// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Calls.channelTo;
import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.Parting;
import dev.peregrine.grpc.boot.fixture.ServiceRunners;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.MethodOptions;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** Which interceptors a call goes through, in which order, and where its handler runs. */
class ServiceInterceptorsTests {

    private final ApplicationContextRunner runner = ServiceRunners.runner().withUserConfiguration(Witnesses.class);

    @Test
    void globalOnesComeFirstThenThoseOfTheServerOfTheServiceAndOfTheMethod() {
        runner.withUserConfiguration(AttendedService.class)
                .withPropertyValues("grpc.server.interceptors=ofServer")
                .run(context -> {
                    sayHello(context, "you");
                    assertThat(saw(context))
                            .containsExactly("authentication", "application", "ofServer", "Typed", "named", "ofMethod");
                });
    }

    @Test
    void thoseOfTheServerHaveTheirPlaceAmongTheGlobalOnes() {
        runner.withUserConfiguration(AttendedParting.class, Ordered.class)
                .withPropertyValues("grpc.server.interceptors=late,early,authentication")
                .run(context -> {
                    sayGoodbye(context);
                    assertThat(saw(context)).containsExactly("early", "authentication", "application", "late", "Typed");
                });
    }

    @Test
    void thoseOfTheServerStandAlsoBeforeServicesThatDoWithoutGlobalOnes() {
        runner.withUserConfiguration(LonelyService.class)
                .withPropertyValues("grpc.server.interceptors=ofServer,application")
                .run(context -> {
                    sayHello(context, "you");
                    assertThat(saw(context)).containsExactly("authentication", "application", "ofServer");
                });
    }

    @Test
    void servicesThatACustomizerAddsAreBehindTheInterceptorsToo() {
        runner.withUserConfiguration(AttendedService.class)
                .withPropertyValues("grpc.server.interceptors=ofServer")
                .withBean(
                        GrpcServerCustomizer.class,
                        () -> (name, server) -> server.service(
                                new BareParting().bind(),
                                method -> MethodOptions.DEFAULT.withInterceptors(
                                        List.of(new Witness("own", new ArrayList<>())))))
                .run(context -> {
                    sayGoodbye(context);
                    assertThat(saw(context)).containsExactly("authentication", "application", "ofServer");
                });
    }

    @Test
    void thoseThatAreMadeGoWithTheContext() {
        runner.withUserConfiguration(AttendedParting.class).run(context -> {
            Typed.closed.set(0);
            context.getSourceApplicationContext(ConfigurableApplicationContext.class)
                    .close();
            assertThat(Typed.closed).hasValue(1);
        });
    }

    @Test
    void aMethodWithoutItsOwnHasThoseOfTheService() {
        runner.withUserConfiguration(AttendedParting.class).run(context -> {
            sayGoodbye(context);
            assertThat(saw(context)).containsExactly("authentication", "application", "Typed");
        });
    }

    @Test
    void aServiceMayDoWithoutTheGlobalOnesOfTheApplicationButNotWithoutAuthentication() {
        runner.withUserConfiguration(LonelyService.class).run(context -> {
            sayHello(context, "you");
            assertThat(saw(context)).containsExactly("authentication");
        });
    }

    @Test
    void anInterceptorThatIsNotThereIsNamed() {
        runner.withUserConfiguration(MistakenService.class).run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .contains(
                            "There is no interceptor 'namde'",
                            "@GrpcService of the bean 'mistaken'",
                            "named",
                            "ofServer");
        });
    }

    @Test
    void interceptorsOfAMethodThatAnswersNoCallsAreRefused() {
        runner.withUserConfiguration(AbsentMindedService.class)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .isEqualTo(
                                "@GrpcServerInterceptors of AbsentMindedService.help does nothing: the method answers no"
                                        + " calls of fixture.Greeter."));
    }

    @Test
    void aServiceMayRunOnAnExecutorOfItsOwn() {
        runner.withUserConfiguration(SlowLane.class)
                .run(context -> assertThat(sayHello(context, "you")).startsWith("slow-lane-"));
    }

    @Test
    void anExecutorThatIsNotThereIsNamed() {
        runner.withUserConfiguration(LostService.class)
                .run(
                        context -> assertThat(analysisOf(context).getDescription())
                                .startsWith(
                                        "There is no executor 'nowhere', which is named by @GrpcService(executor) of the bean 'lost'."));
    }

    private static void sayGoodbye(ApplicationContext context) {
        try (ManagedChannel channel = channelTo(context)) {
            Parting.Client.create(channel).sayGoodbye(HelloService.request("you"));
        }
    }

    private static List<String> saw(ApplicationContext context) {
        return context.getBean(Witnesses.class).saw;
    }

    @GrpcService(interceptors = Typed.class, interceptorNames = "named")
    static class AttendedService extends HelloService {

        @Override
        @GrpcServerInterceptors(interceptorNames = "ofMethod")
        public HelloReply sayHello(HelloRequest request) {
            return super.sayHello(request);
        }
    }

    @GrpcService(interceptors = Typed.class)
    static class AttendedParting implements Parting.Service {

        @Override
        public HelloReply sayGoodbye(HelloRequest request) {
            return HelloService.reply("Bye");
        }
    }

    static class BareParting implements Parting.Service {

        @Override
        public HelloReply sayGoodbye(HelloRequest request) {
            return HelloService.reply("Bye");
        }
    }

    @GrpcService(globalInterceptors = false)
    static class LonelyService extends HelloService {}

    @GrpcService(value = "mistaken", interceptorNames = "namde")
    static class MistakenService extends HelloService {}

    @GrpcService
    static class AbsentMindedService extends HelloService {

        @GrpcServerInterceptors(interceptorNames = "named")
        public void help() {}
    }

    @GrpcService(value = "lost", executor = "nowhere")
    static class LostService extends HelloService {}

    @Configuration(proxyBeanMethods = false)
    static class SlowLane {

        @Bean
        Executor slowLane() {
            return new SimpleAsyncTaskExecutor("slow-lane-");
        }

        @Bean
        ThreadTeller teller() {
            return new ThreadTeller();
        }
    }

    @GrpcService(executor = "slowLane")
    static class ThreadTeller extends HelloService {

        @Override
        public HelloReply sayHello(HelloRequest request) {
            return reply(Thread.currentThread().getName());
        }
    }

    /** No bean: made for the services that name it, with what it asks for. */
    static class Typed extends Witness implements AutoCloseable {

        static final AtomicInteger closed = new AtomicInteger();

        Typed(Witnesses witnesses) {
            super("Typed", witnesses.saw);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Ordered {

        @Bean
        @Order(GrpcServerInterceptorOrder.OBSERVATION)
        ServerInterceptor early(Witnesses witnesses) {
            return new Witness("early", witnesses.saw);
        }

        @Bean
        ServerInterceptor late(Witnesses witnesses) {
            return new Witness("late", witnesses.saw);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Witnesses {

        final List<String> saw = new CopyOnWriteArrayList<>();

        @Bean
        @GrpcGlobalServerInterceptor
        ServerInterceptor application() {
            return new Witness("application", saw);
        }

        @Bean
        @GrpcGlobalServerInterceptor
        @Order(GrpcServerInterceptorOrder.AUTHENTICATION)
        ServerInterceptor authentication() {
            return new Witness("authentication", saw);
        }

        @Bean
        ServerInterceptor ofServer() {
            return new Witness("ofServer", saw);
        }

        @Bean
        ServerInterceptor named() {
            return new Witness("named", saw);
        }

        @Bean
        ServerInterceptor ofMethod() {
            return new Witness("ofMethod", saw);
        }
    }

    static class Witness implements ServerInterceptor {

        private final String name;
        private final List<String> saw;

        Witness(String name, List<String> saw) {
            this.name = name;
            this.saw = saw;
        }

        @Override
        public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
            return call -> {
                saw.add(name);
                return next.handle(call);
            };
        }
    }
}
