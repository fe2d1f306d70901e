// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;

class CallContextAccessorTests {

    @Test
    void theCallIsCurrentWhereATaskOfItsHandlerRuns() throws Exception {
        Moving service = new Moving();
        try (Server server = Calls.serve(service);
                ManagedChannel channel =
                        ManagedChannel.builder(ClientRunners.targetOf(server)).build()) {
            assertThat(Calls.sayHello(Greeter.Client.create(channel), "you")).isEqualTo("true false");
        }
        service.pool.shutdown();
    }

    @Test
    void outsideOfHandlersNothingIsCarried() {
        assertThat(ContextSnapshotFactory.builder().build().captureAll().toString())
                .doesNotContain(CallContextAccessor.KEY);
    }

    /** Says whether another thread saw the call, and whether that thread still does afterwards. */
    private static final class Moving implements Greeter.Service {

        private final ExecutorService pool = Executors.newSingleThreadExecutor();

        @Override
        public HelloReply sayHello(HelloRequest request) {
            CallContext answered = CallContext.current();
            boolean[] seen = new boolean[2];
            try {
                pool.submit(new ContextPropagatingTaskDecorator()
                                .decorate(() -> seen[0] = CallContext.currentOrNull() == answered))
                        .get(20, TimeUnit.SECONDS);
                pool.submit(() -> seen[1] = Objects.nonNull(CallContext.currentOrNull()))
                        .get(20, TimeUnit.SECONDS);
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
            return HelloService.reply(seen[0] + " " + seen[1]);
        }
    }
}
