// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Failing;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.ServiceRunners;
import dev.peregrine.grpc.boot.server.GrpcService;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Beans with which libraries say what their exceptions become. */
class ExceptionTranslatorTests {

    private final ApplicationContextRunner runner =
            ServiceRunners.runner().withUserConfiguration(Empty.class, Translators.class);

    @Test
    void theFirstInOrderThatKnowsTheExceptionDecides() {
        runner.run(context -> assertThat(Failing.hello(context, "you").code()).isEqualTo(StatusCode.NOT_FOUND));
    }

    @Test
    void adviceIsAskedBefore() {
        runner.withUserConfiguration(Advice.class)
                .run(context -> assertThat(Failing.hello(context, "you").code()).isEqualTo(StatusCode.DATA_LOSS));
    }

    @GrpcService
    static class Empty implements Greeter.Service {

        @Override
        public HelloReply sayHello(HelloRequest request) {
            throw new NoSuchElementException(request.getName());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Translators {

        @Bean
        @Order(3)
        GrpcExceptionTranslator ofEverything() {
            return (thrown, call) -> new StatusException(StatusCode.INTERNAL, "anything");
        }

        @Bean
        @Order(1)
        GrpcExceptionTranslator ofOthers() {
            return (thrown, call) -> null;
        }

        @Bean
        @Order(2)
        GrpcExceptionTranslator ofCollections() {
            return (thrown, call) -> thrown instanceof NoSuchElementException
                    ? new StatusException(StatusCode.NOT_FOUND, call.method().name() + " finds nothing")
                    : null;
        }
    }

    @GrpcAdvice
    static class Advice {

        @GrpcExceptionHandler
        Status missing(NoSuchElementException failure) {
            return Status.of(StatusCode.DATA_LOSS);
        }
    }
}
