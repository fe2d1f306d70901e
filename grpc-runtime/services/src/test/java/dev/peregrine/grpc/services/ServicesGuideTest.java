// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.health.v1.Health;
import dev.peregrine.grpc.health.v1.HealthCheckRequest;
import dev.peregrine.grpc.health.v1.HealthCheckResponse;
import dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.services.health.HealthRegistry;
import dev.peregrine.grpc.services.health.HealthService;
import dev.peregrine.grpc.services.reflection.ReflectionServices;
import dev.peregrine.grpc.services.shop.Cart;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code docs/services.md} quotes. */
@Timeout(60)
class ServicesGuideTest {

    private final HealthRegistry health = new HealthRegistry();

    private Server start(Cart.Service cart) throws Exception {
        Server.Builder server = Server.builder()
                .address(new InetSocketAddress("127.0.0.1", 0))
                .service(cart)
                .service(new HealthService(health));
        health.report(Cart.NAME, ServingStatus.SERVING);
        return server.start();
    }

    private CompletionStage<Void> stop(Server server, Runnable pause) {
        health.leave(); // Probes and watchers hear NOT_SERVING, while calls are still taken.
        pause.run(); // As long as load balancers take to ask again: some seconds.
        return server.shutdown(Duration.ofSeconds(20)); // Calls under way may finish.
    }

    private static Server withReflection(Cart.Service cart) throws Exception {
        List<ServiceDefinition> services = List.of(cart.bind());
        Server.Builder server = Server.builder().address(new InetSocketAddress("127.0.0.1", 0));
        services.forEach(server::service);
        ReflectionServices.describing(services).forEach(server::service);
        return server.start();
    }

    @Test
    void aServerOfTheGuideIsHealthyUntilItLeavesAndStopsWhenItsCallsHaveEnded() throws Exception {
        try (Server server = start(new Cart.Service() {});
                ManagedChannel channel =
                        ManagedChannel.builder("127.0.0.1:" + server.port()).build()) {
            Health.Client client = Health.Client.create(channel).withDeadlineAfter(Duration.ofSeconds(30));
            assertThat(client.check(asked("")).getStatus()).isEqualTo(ServingStatus.SERVING);
            CompletionStage<Void> stopped;
            try (ServerStreamingCall<HealthCheckResponse> watch = client.watch(asked(Cart.NAME))) {
                Iterator<HealthCheckResponse> heard = watch.iterator();
                assertThat(heard.next().getStatus()).isEqualTo(ServingStatus.SERVING);

                stopped = stop(server, () -> {});

                assertThat(heard.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
            }
            stopped.toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aServerOfTheGuideTellsOfItsServices() throws Exception {
        try (Server server = withReflection(new Cart.Service() {})) {
            assertThat(server.services())
                    .extracting(service -> service.descriptor().name())
                    .containsExactly(
                            Cart.NAME,
                            "grpc.reflection.v1.ServerReflection",
                            "grpc.reflection.v1alpha.ServerReflection");
        }
    }

    private static HealthCheckRequest asked(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }
}
