// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times that are no whole number of tenths of a second are not another time on the way to the server. */
@Timeout(60)
class DeadlineLengthTests {

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 50, 99, 1050, 61_001})
    void aDeadlineIsAsLongAsItIsWritten(int millis) throws IOException {
        try (Server server = Calls.serve(new HelloService())) {
            ClientRunners.runner(server)
                    .withBean(Witness.class)
                    .withBean(Caller.class)
                    .withPropertyValues("grpc.client.greeter.deadline=" + millis + "ms")
                    .run(context -> {
                        Throwable late = catchThrowable(
                                () -> context.getBean(Caller.class).greeter.sayHello(HelloService.request("you")));
                        assertThat(late)
                                .satisfiesAnyOf( // In so short a time it may be answered, or not.
                                        answered -> assertThat(answered).isNull(),
                                        failed -> assertThat(failed).isInstanceOf(StatusException.class));
                        assertThat(context.getBean(Witness.class).timeout).isEqualTo(Duration.ofMillis(millis));
                    });
        }
    }

    @Test
    void theServerHearsOfNoMoreTimeThanThereIs() throws IOException {
        HelloService service = new HelloService();
        try (Server server = Calls.serve(service)) {
            ClientRunners.runner(server)
                    .withBean(Caller.class)
                    .withPropertyValues("grpc.client.greeter.deadline=30050ms")
                    .run(context -> {
                        context.getBean(Caller.class).greeter.sayHello(HelloService.request("you"));
                        assertThat(service.seen.get(0).deadline()).isNotNull();
                        assertThat(service.seen.get(0).deadline().remaining())
                                .isBetween(Duration.ZERO, Duration.ofMillis(30_050));
                    });
        }
    }

    static class Caller {

        @GrpcClient("greeter")
        Greeter.Client greeter;
    }

    @GrpcGlobalClientInterceptor
    static class Witness implements ClientInterceptor {

        volatile @Nullable Duration timeout;

        @Override
        public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            timeout = options.timeout();
            return next.newCall(method, options);
        }
    }
}
