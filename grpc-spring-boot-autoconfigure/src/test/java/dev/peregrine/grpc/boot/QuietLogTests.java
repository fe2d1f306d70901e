// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.fixture.Applications;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/** What a caller is told need not be in the log as well: whoever sends nonsense does not fill it. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class QuietLogTests {

    @Test
    void aMessageThatIsTooLargeFailsItsCallAndSaysNothingElse(CapturedOutput output) {
        try (ConfigurableApplicationContext context = Applications.run(
                Shop.class,
                "grpc.server.limits.max-message-size=100KB",
                "grpc.client.default.limits.max-message-size=100KB",
                "grpc.client.greeter.target=127.0.0.1:${local.grpc.server.port}")) {
            Greeter.Client greeter = context.getBean(Caller.class).greeter;
            assertThat(Calls.sayHello(greeter, "you")).startsWith("you");
            int before = output.getAll().length();

            assertTooLarge(greeter, "x".repeat(200 << 10)); // the request
            assertTooLarge(greeter, "x".repeat(60 << 10)); // the response, which is three times as large

            assertThat(Calls.sayHello(greeter, "you")).startsWith("you");
            assertThat(output.getAll().substring(before)).isEmpty();
        }
    }

    private static void assertTooLarge(Greeter.Client greeter, String name) {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> Calls.sayHello(greeter, name))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Caller.class)
    static class Shop {

        @Bean
        @GrpcService
        Greeter.Service threeTimes() {
            return new Greeter.Service() {
                @Override
                public HelloReply sayHello(HelloRequest request) {
                    return HelloService.reply(request.getName().repeat(3));
                }
            };
        }
    }

    @Lazy
    static class Caller {

        @GrpcClient("greeter")
        Greeter.Client greeter;
    }
}
