// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class GlobalServerInterceptorTests {

    private final ApplicationContextRunner runner =
            ServerRunners.runner().withUserConfiguration(ServedBeansTests.AnnotatedClass.class);

    @Test
    void annotatedInterceptorsSeeACallInTheirOrder() {
        runner.withUserConfiguration(Interceptors.class).run(context -> {
            sayHello(context, "you");
            assertThat(context.getBean(Interceptors.class).saw).containsExactly("first", "second", "third");
        });
    }

    @Test
    void anAnnotatedBeanThatIsNoInterceptorIsRefused() {
        runner.withBean("odd", NoInterceptor.class)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("The bean 'odd' is annotated with @GrpcGlobalServerInterceptor, but its type ")
                        .endsWith(" is no dev.peregrine.grpc.server.ServerInterceptor."));
    }

    @GrpcGlobalServerInterceptor
    static class NoInterceptor {}

    @Configuration(proxyBeanMethods = false)
    static class Interceptors {

        final List<String> saw = new CopyOnWriteArrayList<>();

        @Bean
        @GrpcGlobalServerInterceptor
        @Order(3)
        ServerInterceptor third() {
            return new Witness("third", saw);
        }

        @Bean
        @Order(0)
        ServerInterceptor withoutTheAnnotation() {
            return new Witness("not asked", saw);
        }

        @Bean
        @GrpcGlobalServerInterceptor
        @Order(1)
        ServerInterceptor first() {
            return new Witness("first", saw);
        }

        @Bean
        Second second() {
            return new Second(saw);
        }
    }

    @GrpcGlobalServerInterceptor
    @Order(2)
    static class Second extends Witness {
        Second(List<String> saw) {
            super("second", saw);
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
