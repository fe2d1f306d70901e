// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** What a native image must know of our servers is found when it is built. */
class ServerAheadOfTimeTests {

    static Stream<Class<?>> properties() {
        return Stream.of(
                GrpcServerProperties.class,
                LimitsProperties.class,
                KeepAliveProperties.class,
                KeepAliveProperties.Permit.class,
                ConnectionProperties.class,
                SslProperties.class,
                ExecutorProperties.class,
                ShutdownProperties.class);
    }

    @ParameterizedTest
    @MethodSource("properties")
    void propertiesOfNamedServersCanBeBoundToo(Class<?> type) {
        assertThat(RuntimeHintsPredicates.reflection()
                        .onConstructorInvocation(type.getDeclaredConstructors()[0])
                        .test(hints()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(classes = {OfService.class, OfMethod.class})
    void interceptorsThatAreNamedByTypeCanBeMade(Class<?> interceptor) {
        assertThat(RuntimeHintsPredicates.reflection()
                        .onConstructorInvocation(interceptor.getDeclaredConstructors()[0])
                        .test(hints()))
                .isTrue();
    }

    static class OfService implements ServerInterceptor {

        @Override
        public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
            return next;
        }
    }

    static class OfMethod extends OfService {}

    static class Intercepted extends HelloService {

        @Override
        @GrpcServerInterceptors(OfMethod.class)
        public HelloReply sayHello(HelloRequest request) {
            return super.sayHello(request);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        @GrpcService(interceptors = OfService.class)
        Intercepted intercepted() {
            return new Intercepted();
        }
    }

    private static RuntimeHints hints() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(GrpcServerAutoConfiguration.class, Application.class);
            DefaultGenerationContext generated = new DefaultGenerationContext(
                    new ClassNameGenerator(ClassName.get("generated", "Application")), new InMemoryGeneratedFiles());
            new ApplicationContextAotGenerator().processAheadOfTime(context, generated);
            return generated.getRuntimeHints();
        }
    }
}
