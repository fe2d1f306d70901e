// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.boot.fixture.Applications;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HealthProbe;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.LoadBalancer;
import dev.peregrine.grpc.boot.health.GrpcHealthAutoConfiguration;
import dev.peregrine.grpc.client.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Two instances behind one address, each restarted again and again while clients call without a pause. As in Kubernetes,
 * the address hears late that an instance leaves, and takes one in when its health says SERVING.
 */
@Timeout(120)
class RollingRestartTests {

    /** How late the address hears; a fraction of the delay. */
    private static final long LAG_MILLIS = 100;

    private static final int ROUNDS = 3;
    private static final int CALLERS = 3;

    private final LoadBalancer address = new LoadBalancer();
    private final ScheduledExecutorService endpointsController = Executors.newSingleThreadScheduledExecutor();
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger answers = new AtomicInteger();
    private volatile boolean enough;

    @AfterEach
    void close() throws Exception {
        endpointsController.shutdownNow();
        address.close();
    }

    @Test
    void noCallFailsWhileEachInstanceIsRestarted() throws Exception {
        List<ConfigurableApplicationContext> instances = new ArrayList<>(List.of(start(), start()));
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Thread caller = new Thread(this::callWithoutAPause, "caller-" + i);
            caller.start();
            callers.add(caller);
        }
        try {
            for (int round = 0; round < ROUNDS * instances.size(); round++) {
                int which = round % instances.size();
                int before = answers.get();
                ConfigurableApplicationContext leaving = instances.get(which);
                AtomicInteger served = leaving.getBean(Slow.class).served;
                await("calls to the instance that is to leave").until(() -> served.get() > 0 || !failures.isEmpty());
                leaving.close();
                instances.set(which, start());
                await().until(() -> answers.get() > before + 10 || !failures.isEmpty());
            }
        } finally {
            enough = true;
            for (Thread caller : callers) {
                caller.join(30_000);
            }
            instances.forEach(ConfigurableApplicationContext::close);
        }

        assertThat(failures).isEmpty();
        assertThat(callers).noneMatch(Thread::isAlive);
        assertThat(answers).hasValueGreaterThan(100);
    }

    /** An instance that is ready, and that the address knows of. */
    private ConfigurableApplicationContext start() {
        ConfigurableApplicationContext context = Applications.builder(
                        Instance.class, "grpc.server.shutdown.pre-drain-delay=1s")
                .listeners((ApplicationListener<GrpcServersStoppingEvent>) event -> {
                    int port = event.getSource().port(GrpcServers.DEFAULT);
                    endpointsController.schedule(() -> address.remove(port), LAG_MILLIS, TimeUnit.MILLISECONDS);
                })
                .run();
        try (HealthProbe probe = new HealthProbe(context)) {
            await().until(() -> probe.check("") == SERVING);
        }
        address.add(context.getEnvironment().getRequiredProperty("local.grpc.server.port", Integer.class));
        return context;
    }

    private void callWithoutAPause() {
        try (ManagedChannel channel =
                ManagedChannel.builder("127.0.0.1:" + address.port()).build()) {
            Greeter.Client client = Greeter.Client.create(channel);
            while (!enough) {
                Calls.sayHello(client, "you");
                answers.incrementAndGet();
            }
        } catch (RuntimeException | Error failure) {
            failures.add(failure);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({GrpcServerAutoConfiguration.class, GrpcHealthAutoConfiguration.class})
    static class Instance {

        @Bean
        Slow greeter() {
            return new Slow();
        }
    }

    /** Takes a moment, so that there are calls under way whenever an instance leaves. */
    @GrpcService
    static final class Slow extends HelloService {

        final AtomicInteger served = new AtomicInteger();

        @Override
        public HelloReply sayHello(HelloRequest request) {
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
            served.incrementAndGet();
            return reply("Hello " + request.getName());
        }
    }
}
