// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.health.v1.Health;
import dev.peregrine.grpc.health.v1.HealthCheckRequest;
import dev.peregrine.grpc.health.v1.HealthCheckResponse;
import dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus;
import dev.peregrine.grpc.health.v1.HealthListRequest;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** health-checking.md, over a socket. */
@Timeout(60)
class HealthServiceTest {

    private final HealthRegistry registry = new HealthRegistry();
    private Server server;
    private ManagedChannel channel;
    private Health.Client client;

    @BeforeEach
    void serve() throws Exception {
        server = Server.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .service(new HealthService(registry))
                .start();
        channel = ManagedChannel.builder("127.0.0.1:" + server.port()).build();
        client = Health.Client.create(channel).withDeadlineAfter(Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        channel.close();
        server.close();
    }

    @Test
    void checkTellsWhatWasReported() {
        registry.report("shop.Cart", ServingStatus.SERVING);
        registry.report("shop.Stock", ServingStatus.NOT_SERVING);
        registry.report(HealthRegistry.SERVER, ServingStatus.UNKNOWN);

        assertThat(check("shop.Cart")).isEqualTo(ServingStatus.SERVING);
        assertThat(check("shop.Stock")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(check("")).isEqualTo(ServingStatus.UNKNOWN);
    }

    @Test
    void checkOfAnUnknownServiceIsNotFound() {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> check("shop.Cart"))
                .satisfies(e -> assertThat(e.status().code()).isEqualTo(StatusCode.NOT_FOUND))
                .withMessageContaining("shop.Cart");
    }

    @Test
    void theServerAsAWholeIsServingUntilSomebodySaysOtherwise() {
        assertThat(check(HealthRegistry.SERVER)).isEqualTo(ServingStatus.SERVING);

        registry.report(HealthRegistry.SERVER, ServingStatus.NOT_SERVING);

        assertThat(check(HealthRegistry.SERVER)).isEqualTo(ServingStatus.NOT_SERVING);
    }

    @Test
    void listTellsAllOfThem() {
        registry.report("", ServingStatus.SERVING);
        registry.report("shop.Stock", ServingStatus.NOT_SERVING);

        assertThat(client.list(HealthListRequest.getDefaultInstance()).getStatusesMap())
                .containsOnlyKeys("", "shop.Stock")
                .containsEntry("shop.Stock", response(ServingStatus.NOT_SERVING));
    }

    @Test
    void listOfAHundredIsAnswered_AndOfOneMoreRefused() {
        for (int i = 1; i < 100; i++) { // The server itself is one of them.
            registry.report("service" + i, ServingStatus.SERVING);
        }
        assertThat(client.list(HealthListRequest.getDefaultInstance()).getStatusesCount())
                .isEqualTo(100);

        registry.report("service100", ServingStatus.SERVING);

        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> client.list(HealthListRequest.getDefaultInstance()))
                .satisfies(e -> assertThat(e.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
    }

    @Test
    void watchTellsTheStatusOfNowAndEachChange() {
        registry.report("shop.Cart", ServingStatus.SERVING);
        try (ServerStreamingCall<HealthCheckResponse> watch = client.watch(request("shop.Cart"))) {
            Iterator<HealthCheckResponse> heard = watch.iterator();
            assertThat(heard.next()).isEqualTo(response(ServingStatus.SERVING));

            registry.report("shop.Cart", ServingStatus.NOT_SERVING);
            assertThat(heard.next()).isEqualTo(response(ServingStatus.NOT_SERVING));

            registry.report("shop.Cart", ServingStatus.NOT_SERVING); // No change: nothing to hear.
            registry.forget("shop.Cart");
            assertThat(heard.next()).isEqualTo(response(ServingStatus.SERVICE_UNKNOWN));
        }
    }

    @Test
    void watchOfAnUnknownServiceStaysOpenUntilItIsKnown() {
        try (ServerStreamingCall<HealthCheckResponse> watch = client.watch(request("shop.Cart"))) {
            Iterator<HealthCheckResponse> heard = watch.iterator();
            assertThat(heard.next()).isEqualTo(response(ServingStatus.SERVICE_UNKNOWN));

            registry.report("shop.Cart", ServingStatus.SERVING);

            assertThat(heard.next()).isEqualTo(response(ServingStatus.SERVING));
        }
    }

    @Test
    void aServerThatLeavesIsNotServing_WhateverIsReportedMeanwhile_UntilItStays() {
        registry.report("shop.Cart", ServingStatus.SERVING);
        try (ServerStreamingCall<HealthCheckResponse> watch = client.watch(request("shop.Cart"))) {
            Iterator<HealthCheckResponse> heard = watch.iterator();
            assertThat(heard.next()).isEqualTo(response(ServingStatus.SERVING));

            registry.leave();
            assertThat(heard.next()).isEqualTo(response(ServingStatus.NOT_SERVING));
            registry.report("shop.Cart", ServingStatus.UNKNOWN);
            assertThat(check("shop.Cart")).isEqualTo(ServingStatus.NOT_SERVING);

            registry.stay();
            assertThat(heard.next()).isEqualTo(response(ServingStatus.UNKNOWN));
        }
    }

    @Test
    void aWatchThatTheCallerGaveUpIsForgotten() throws Exception {
        ServerStreamingCall<HealthCheckResponse> watch = client.watch(request("shop.Cart"));
        watch.iterator().next();
        assertThat(registry.watchers()).isEqualTo(1);

        watch.close();

        CountDownLatch forgotten = new CountDownLatch(1);
        Thread waiter = new Thread(() -> {
            while (registry.watchers() > 0) {
                Thread.onSpinWait();
            }
            forgotten.countDown();
        });
        waiter.setDaemon(true);
        waiter.start();
        assertThat(forgotten.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aServerThatLeavesMayExceptNamesThatSaySomethingElse() {
        registry.report("shop.Cart", ServingStatus.SERVING);
        registry.report("liveness", ServingStatus.SERVING);

        registry.leave(Set.of("liveness"));

        assertThat(check("shop.Cart")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(check("liveness")).isEqualTo(ServingStatus.SERVING);
        registry.report("liveness", ServingStatus.NOT_SERVING);
        assertThat(check("liveness")).isEqualTo(ServingStatus.NOT_SERVING);
        registry.stay();
        assertThat(check("shop.Cart")).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void anOpenWatchHearsThatTheServerLeavesAndDoesNotDelayIt() throws Exception {
        registry.report(HealthRegistry.SERVER, ServingStatus.SERVING);
        try (ServerStreamingCall<HealthCheckResponse> watch = client.watch(HealthCheckRequest.getDefaultInstance())) {
            Iterator<HealthCheckResponse> heard = watch.iterator();
            assertThat(heard.next().getStatus()).isEqualTo(ServingStatus.SERVING);

            registry.leave();
            server.shutdown(Duration.ofHours(1)).toCompletableFuture().get(20, TimeUnit.SECONDS);

            assertThat(heard.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
            assertThatExceptionOfType(StatusException.class)
                    .isThrownBy(heard::next)
                    .satisfies(e -> assertThat(e.status().code()).isEqualTo(StatusCode.UNAVAILABLE));
        }
    }

    @Test
    void aServiceWithoutANameCannotBeForgotten() {
        assertThatNullPointerException().isThrownBy(() -> registry.forget(null)).withMessage("service");
    }

    @Test
    void whatOnlyWatchersAreToldCannotBeReported() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.report("shop.Cart", ServingStatus.SERVICE_UNKNOWN))
                .withMessageContaining("shop.Cart")
                .withMessageContaining("forget");
    }

    @Test
    void aNameThatIsLongerThanNamesAreIsNotKept() {
        String name = "x".repeat(257);

        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> check(name))
                .withMessage("INVALID_ARGUMENT: service: a name of 257 characters (expected: at most 256)");
        try (ServerStreamingCall<HealthCheckResponse> watch = client.watch(request(name))) {
            assertThatExceptionOfType(StatusException.class)
                    .isThrownBy(watch.iterator()::next)
                    .satisfies(e -> assertThat(e.status().code()).isEqualTo(StatusCode.INVALID_ARGUMENT));
        }
        assertThat(registry.watchers()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.report(name, ServingStatus.SERVING))
                .withMessageContaining("257");
    }

    @Test
    void aWatcherThatCannotBeToldIsForgottenAndTheOthersAreTold() {
        List<ServingStatus> heard = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            boolean broken = i == 1;
            Flow.Subscriber<HealthCheckResponse> subscriber = new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {}

                @Override
                public void onNext(HealthCheckResponse response) {
                    if (broken && response.getStatus() == ServingStatus.NOT_SERVING) {
                        throw new IllegalStateException("was closed before");
                    }
                    heard.add(response.getStatus());
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {}
            };
            Watch watch = new Watch(registry, "shop.Cart", subscriber);
            watch.request(Long.MAX_VALUE);
            registry.add(watch);
        }
        heard.clear();

        registry.report("shop.Cart", ServingStatus.NOT_SERVING);

        assertThat(heard).containsExactly(ServingStatus.NOT_SERVING, ServingStatus.NOT_SERVING);
        assertThat(registry.watchers()).isEqualTo(2);
    }

    private ServingStatus check(String service) {
        return client.check(request(service)).getStatus();
    }

    private static HealthCheckRequest request(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }

    private static HealthCheckResponse response(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }
}
