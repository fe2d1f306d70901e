// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Calls.channelTo;
import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.Parting;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.ServiceDefinition;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;

class ServedBeansTests {

    private final ApplicationContextRunner runner = ServerRunners.runner();

    @Test
    void anAnnotatedClassIsServed() {
        runner.withUserConfiguration(AnnotatedClass.class)
                .run(context -> assertThat(sayHello(context, "class")).isEqualTo("Hello class"));
    }

    @Test
    void aBeanOfAnAnnotatedMethodIsServed() {
        runner.withUserConfiguration(AnnotatedMethod.class)
                .run(context -> assertThat(sayHello(context, "method")).isEqualTo("Hello method"));
    }

    @Test
    void aServiceWithoutTheAnnotationIsNotServed() {
        runner.withUserConfiguration(AnnotatedClass.class)
                .withBean("parting", SilentParting.class)
                .run(context -> {
                    try (ManagedChannel channel = channelTo(context)) {
                        Parting.Client parting = Parting.Client.create(channel);
                        assertThatExceptionOfType(StatusException.class)
                                .isThrownBy(() -> parting.sayGoodbye(HelloService.request("you")))
                                .satisfies(failure ->
                                        assertThat(failure.status().code()).isEqualTo(StatusCode.UNIMPLEMENTED));
                    }
                });
    }

    @Test
    void withoutAServiceNoServerStarts() {
        runner.run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(GrpcServers.class);
            assertThat(context.getBean(GrpcServers.class).isRunning()).isFalse();
            assertThat(context.getEnvironment().containsProperty("local.grpc.server.port"))
                    .isFalse();
        });
    }

    @Test
    void aServiceThatIsRegisteredLateCountsToo() {
        runner.withInitializer(context -> context.addBeanFactoryPostProcessor(
                        factory -> factory.registerSingleton("late", new AnnotatedClass())))
                .run(context -> assertThat(sayHello(context, "late")).isEqualTo("Hello late"));
    }

    @Test
    void callsGoThroughAProxyOfTheClass() {
        runner.withUserConfiguration(ProxiedClass.class)
                .run(context -> assertThat(sayHello(context, "proxy")).isEqualTo("Advised hello proxy"));
    }

    @Test
    void callsGoThroughAProxyOfTheInterface() {
        runner.withUserConfiguration(ProxiedInterface.class)
                .run(context -> assertThat(sayHello(context, "proxy")).isEqualTo("Advised hello proxy"));
    }

    @Test
    void aBindMethodWrittenByHandIsCalledAsItIs() {
        runner.withUserConfiguration(BindByHand.class).run(context -> {
            assertThat(sayHello(context, "hand")).isEqualTo("Hello hand");
            assertThat(context.getBean(GrpcServers.class).isRunning()).isTrue();
        });
    }

    @Test
    void aScopedServiceIsServedOnce() {
        runner.withUserConfiguration(ScopedService.class)
                .run(context -> assertThat(sayHello(context, "scope")).isEqualTo("Hello scope"));
    }

    @Test
    void twoBeansOfOneServiceAreNamedBoth() {
        runner.withUserConfiguration(AnnotatedMethod.class)
                .withBean("another", AnnotatedClass.class)
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .contains("'fixture.Greeter'", "two beans", "'greeter'", "'another'");
                    assertThat(analysisOf(context).getAction()).contains("Remove @GrpcService from one of them");
                });
    }

    @Test
    void aBeanThatIsNoServiceIsRefused() {
        runner.withBean("clock", NoService.class).run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .isEqualTo("The bean 'clock' is annotated with @GrpcService, but its type "
                            + NoService.class.getName()
                            + " is no dev.peregrine.grpc.server.BindableService.");
            assertThat(analysisOf(context).getAction())
                    .isEqualTo("Let it implement BindableService, or remove @GrpcService.");
        });
    }

    @Test
    void aBeanWhoseBindReturnsNothingIsRefusedIfNobodyKnowsWhatItIsToServe() {
        runner.withBean("silent", BindsNothing.class).run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .isEqualTo(
                            "bind() of the service bean 'silent' returns null, as that of a mock does, and the bean has"
                                    + " no generated service interface that would say what it serves.");
            assertThat(analysisOf(context).getAction()).contains("mock one generated interface");
        });
        runner.withBean("torn", BindsNothingOfTwo.class)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .contains("'torn'", "more than one generated service interface")
                        .contains(Greeter.Service.class.getName(), Parting.Service.class.getName()));
    }

    @GrpcService
    static class AnnotatedClass extends HelloService {}

    @GrpcService
    static class NoService {}

    @GrpcService
    static class BindsNothing implements BindableService {

        @Override
        public ServiceDefinition bind() {
            return null;
        }
    }

    @GrpcService
    static class BindsNothingOfTwo implements Greeter.Service, Parting.Service {

        @Override
        public ServiceDefinition bind() {
            return null;
        }
    }

    static class SilentParting implements Parting.Service {}

    @Configuration(proxyBeanMethods = false)
    static class AnnotatedMethod {

        @Bean
        @GrpcService
        HelloService greeter() {
            return new HelloService();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ScopedService {

        @Bean
        @GrpcService
        @Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
        HelloService greeter() {
            return new HelloService();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ProxiedClass {

        @Bean
        @GrpcService
        HelloService greeter() {
            return (HelloService) advised(new HelloService(), true);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ProxiedInterface {

        @Bean
        @GrpcService
        Greeter.Service greeter() {
            return (Greeter.Service) advised(new HelloService(), false);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class BindByHand {

        @Bean
        @GrpcService
        HelloService greeter() {
            return new BoundByHand();
        }
    }

    static class BoundByHand extends HelloService {

        @Override
        public ServiceDefinition bind() {
            return new HelloService().bind();
        }

        @Override
        public HelloReply sayHello(HelloRequest request) {
            throw new IllegalStateException("it points elsewhere");
        }
    }

    /** As transactions, security and the like are put around beans. */
    private static Object advised(HelloService service, boolean ofClass) {
        ProxyFactory proxies = new ProxyFactory(service);
        proxies.setProxyTargetClass(ofClass);
        proxies.addAdvice((MethodInterceptor) call -> {
            Object result = call.proceed();
            return result instanceof HelloReply reply
                    ? HelloService.reply("Advised " + reply.getMessage().toLowerCase(java.util.Locale.ROOT))
                    : result;
        });
        return proxies.getProxy();
    }
}
