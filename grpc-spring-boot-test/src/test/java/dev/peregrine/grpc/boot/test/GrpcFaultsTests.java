// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.client.GrpcGlobalClientInterceptor;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@SpringBootTest
@AutoConfigureInProcessGrpc
@Timeout(60)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GrpcFaultsTests {

    @Autowired
    private GrpcFaults faults;

    @Autowired
    private Application.Service service;

    @Autowired
    private Application.Witness witness;

    @GrpcClient("greeter")
    private Greeter.Client greeter;

    @GrpcClient("greeter")
    private Greeter.AsyncClient async;

    @Test
    void aFailureHappensAsOftenAsAsked() {
        faults.fail(Status.of(StatusCode.UNAVAILABLE, "gone")).times(2);
        assertThat(statusOfCall()).isEqualTo(Status.of(StatusCode.UNAVAILABLE, "gone"));
        assertThat(statusOfCall().code()).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(sayHello(greeter, "you")).isEqualTo("Hello you");
    }

    @Test
    void anInterceptorWithoutAnOrderSeesTheFault() {
        witness.calls.set(0);
        faults.fail(Status.of(StatusCode.UNAVAILABLE, "gone")).times(1);
        assertThat(statusOfCall().code()).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(witness.calls).hasValue(1);
    }

    @Test
    void aFaultOfOneMethodLeavesOthersAlone() {
        faults.fail(Status.of(StatusCode.ABORTED)).on("fixture.Greeter/Watch");
        assertThat(sayHello(greeter, "you")).isEqualTo("Hello you");
        faults.fail(Status.of(StatusCode.ABORTED)).on("fixture.Greeter/SayHello");
        assertThat(statusOfCall().code()).isEqualTo(StatusCode.ABORTED);
    }

    @Test
    void aDroppedCallEndsByItsDeadlineAndNeverReachesTheServer() {
        service.seen.clear();
        faults.drop();
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(
                        () -> greeter.withDeadlineAfter(Duration.ofMillis(50)).sayHello(HelloService.request("you")))
                .satisfies(failure -> assertThat(failure.status().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED));
        assertThat(service.seen).isEmpty();
    }

    @Test
    void aDroppedCallCanBeCancelled() {
        faults.drop();
        CompletableFuture<HelloReply> call =
                async.sayHello(HelloService.request("you")).toCompletableFuture();
        assertThat(call.cancel(true)).isTrue();
    }

    @Test
    void aDelayedCallIsAnsweredLater() throws Exception {
        faults.delay(Duration.ofMillis(200)).times(1);
        long before = System.nanoTime();
        assertThat(async.sayHello(HelloService.request("you"))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS)
                        .getMessage())
                .isEqualTo("Hello you");
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
    }

    @Test
    void theDeadlineOfADelayedCallRuns() {
        faults.delay(Duration.ofMillis(300));
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(
                        () -> greeter.withDeadlineAfter(Duration.ofMillis(30)).sayHello(HelloService.request("you")))
                .satisfies(failure -> assertThat(failure.status().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED));
    }

    @Test
    @Order(1)
    void aFaultThatATestLeavesBehind() {
        faults.fail(Status.of(StatusCode.INTERNAL));
        assertThat(statusOfCall().code()).isEqualTo(StatusCode.INTERNAL);
    }

    @Test
    @Order(2)
    void isForgottenBeforeTheNext() {
        assertThat(sayHello(greeter, "you")).isEqualTo("Hello you");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> faults.fail(Status.of(StatusCode.OK)));
        assertThatIllegalArgumentException().isThrownBy(() -> faults.delay(Duration.ofHours(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> faults.drop().times(0));
    }

    private Status statusOfCall() {
        try {
            sayHello(greeter, "you");
            return Status.of(StatusCode.OK);
        } catch (StatusException failure) {
            return failure.status();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Application.Service.class)
    static class Application {

        @Bean
        @GrpcGlobalClientInterceptor
        GrpcFaults faults() {
            return new GrpcFaults();
        }

        @Bean
        @GrpcGlobalClientInterceptor
        Witness witness() {
            return new Witness();
        }

        @GrpcService
        static class Service extends HelloService {}

        static class Witness implements ClientInterceptor {

            private final AtomicInteger calls = new AtomicInteger();

            @Override
            public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
                calls.incrementAndGet();
                return next.newCall(method, options);
            }
        }
    }
}
