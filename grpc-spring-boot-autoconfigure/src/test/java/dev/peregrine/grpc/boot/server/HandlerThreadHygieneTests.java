// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Calls.channelTo;
import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A thread that has answered one caller answers the next one: whatever becomes of a call, nothing of it stays behind, least
 * of all who the caller was.
 */
@Timeout(60)
class HandlerThreadHygieneTests {

    private static final MetadataKey<String> USER = MetadataKey.ascii("x-user");

    private final ApplicationContextRunner runner = ServerRunners.runner()
            .withUserConfiguration(OneThread.class)
            .withPropertyValues("grpc.server.executor.bean=handlers");

    @Test
    void aCallThatIsAnsweredLeavesNothing() {
        runner.run(context -> {
            try (ManagedChannel channel = channelTo(context)) {
                assertThat(sayHello(as("ada", channel), "answer")).isEqualTo("ada");
                assertNothingIsLeft(context);
                assertThat(sayHello(Greeter.Client.create(channel), "answer")).isEqualTo("nobody");
            }
        });
    }

    @Test
    void aCallThatIsRefusedByAnInterceptorLeavesNothing() {
        runner.run(context -> {
            try (ManagedChannel channel = channelTo(context)) {
                assertThatExceptionOfType(StatusException.class)
                        .isThrownBy(() -> sayHello(as("mallory", channel), "answer"))
                        .satisfies(failure -> assertThat(failure.code()).isEqualTo(StatusCode.PERMISSION_DENIED));
                assertNothingIsLeft(context);
                assertThat(sayHello(Greeter.Client.create(channel), "answer")).isEqualTo("nobody");
            }
        });
    }

    @Test
    void aHandlerThatThrowsLeavesNothing() {
        runner.run(context -> {
            try (ManagedChannel channel = channelTo(context)) {
                assertThatExceptionOfType(StatusException.class)
                        .isThrownBy(() -> sayHello(as("ada", channel), "throw"))
                        .satisfies(failure -> assertThat(failure.code()).isEqualTo(StatusCode.UNKNOWN));
                assertNothingIsLeft(context);
                assertThat(sayHello(Greeter.Client.create(channel), "answer")).isEqualTo("nobody");
            }
        });
    }

    /** Its handler is interrupted; the interrupt must not hit the next one. */
    @Test
    void aCallWhoseTimeIsOverLeavesNothing() {
        runner.run(context -> {
            try (ManagedChannel channel = channelTo(context)) {
                Greeter.Client ada = as("ada", channel).withDeadlineAfter(Duration.ofMillis(200));
                assertThatExceptionOfType(StatusException.class)
                        .isThrownBy(() -> ada.sayHello(HelloService.request("wait")))
                        .satisfies(failure -> assertThat(failure.code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED));
                assertNothingIsLeft(context);
                assertThat(sayHello(Greeter.Client.create(channel), "answer")).isEqualTo("nobody");
            }
        });
    }

    /** Runs on the only thread there is, behind whatever the call still does there. */
    private static void assertNothingIsLeft(ApplicationContext context) throws Exception {
        ExecutorService handlers = context.getBean(ExecutorService.class);
        String left = handlers.submit(() -> CallContext.currentOrNull() + " "
                        + Thread.currentThread().isInterrupted())
                .get(20, TimeUnit.SECONDS);
        assertThat(left).isEqualTo("null false");
    }

    private static Greeter.Client as(String user, ManagedChannel channel) {
        return Greeter.Client.create(channel).withMetadata(Metadata.of(USER, user));
    }

    @Configuration(proxyBeanMethods = false)
    static class OneThread {

        @Bean(destroyMethod = "shutdownNow")
        ExecutorService handlers() {
            return Executors.newSingleThreadExecutor();
        }

        @Bean
        @GrpcGlobalServerInterceptor
        ServerInterceptor malloryStaysOutside() {
            return new ServerInterceptor() {
                @Override
                public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
                    return call -> {
                        if ("mallory".equals(call.context().requestMetadata().get(USER))) {
                            throw new StatusException(StatusCode.PERMISSION_DENIED, "not you");
                        }
                        return next.handle(call);
                    };
                }
            };
        }

        @Bean
        @GrpcService
        Greeter.Service greeter() {
            return new Greeter.Service() {
                @Override
                public HelloReply sayHello(HelloRequest request) {
                    if (request.getName().equals("throw")) {
                        throw new IllegalStateException("as asked");
                    }
                    if (request.getName().equals("wait")) {
                        waitForTheInterrupt();
                    }
                    String user = CallContext.current().requestMetadata().get(USER);
                    return HelloService.reply(user == null ? "nobody" : user);
                }
            };
        }

        private static void waitForTheInterrupt() {
            try {
                if (new CountDownLatch(1).await(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody counts down");
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt(); // what well-behaved code does
            }
        }
    }
}
