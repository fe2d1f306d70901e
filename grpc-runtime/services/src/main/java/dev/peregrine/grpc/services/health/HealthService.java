// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.health;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.health.v1.Health;
import dev.peregrine.grpc.health.v1.HealthCheckRequest;
import dev.peregrine.grpc.health.v1.HealthCheckResponse;
import dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus;
import dev.peregrine.grpc.health.v1.HealthListRequest;
import dev.peregrine.grpc.health.v1.HealthListResponse;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Answers gRPC's health protocol ({@code health-checking.md}) from a {@link HealthRegistry}. Never blocks. */
public final class HealthService implements Health.AsyncService {

    /** health-checking.md, List: an answer with more than these is too large to be useful. */
    private static final int MAX_LISTED = 100;

    private final HealthRegistry registry;

    public HealthService(HealthRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
    }

    /** Watches never end by themselves, so they must not delay a shutdown. */
    @Override
    public ServiceDefinition bind() {
        return Health.AsyncService.super.bind().withStreamsWithoutGrace();
    }

    @Override
    public CompletionStage<HealthCheckResponse> check(HealthCheckRequest request) {
        String service = serviceIn(request);
        ServingStatus status = registry.status(service);
        if (status == null) {
            throw Status.of(
                            StatusCode.NOT_FOUND,
                            "this server reports no health of service '" + service
                                    + "'; the empty name means the server as a whole")
                    .asException();
        }
        return CompletableFuture.completedFuture(response(status));
    }

    @Override
    public CompletionStage<HealthListResponse> list(HealthListRequest request) {
        Map<String, ServingStatus> statuses = registry.statuses();
        if (statuses.size() > MAX_LISTED) {
            throw Status.of(
                            StatusCode.RESOURCE_EXHAUSTED,
                            "this server reports the health of " + statuses.size() + " services, more than the "
                                    + MAX_LISTED + " that fit one answer; check them one by one")
                    .asException();
        }
        HealthListResponse.Builder answer = HealthListResponse.newBuilder();
        statuses.forEach((service, status) -> answer.putStatuses(service, response(status)));
        return CompletableFuture.completedFuture(answer.build());
    }

    @Override
    public Flow.Publisher<HealthCheckResponse> watch(HealthCheckRequest request) {
        String service = serviceIn(request); // All that is kept of the request.
        return subscriber -> {
            Watch watch = new Watch(registry, service, subscriber);
            subscriber.onSubscribe(watch);
            registry.add(watch);
        };
    }

    private static String serviceIn(HealthCheckRequest request) {
        String service = request.getService();
        if (service.length() > HealthRegistry.MAX_NAME) {
            throw Status.of(
                            StatusCode.INVALID_ARGUMENT,
                            "service: a name of " + service.length() + " characters (expected: at most "
                                    + HealthRegistry.MAX_NAME + ")")
                    .asException();
        }
        return service;
    }

    private static HealthCheckResponse response(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }
}
