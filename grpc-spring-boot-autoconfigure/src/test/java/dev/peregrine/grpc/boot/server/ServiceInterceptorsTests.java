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
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
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
    void aMethodWithoutItsOwnHasThoseOfTheService() {
        runner.withUserConfiguration(AttendedParting.class).run(context -> {
            try (ManagedChannel channel = channelTo(context)) {
                Parting.Client.create(channel).sayGoodbye(HelloService.request("you"));
            }
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
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("There is no bean 'nowhere', on which the bean 'lost' is to run"));
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
    static class Typed extends Witness {

        Typed(Witnesses witnesses) {
            super("Typed", witnesses.saw);
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
