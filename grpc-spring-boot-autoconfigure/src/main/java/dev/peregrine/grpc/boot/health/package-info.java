/**
 * Health of a Spring Boot application in gRPC's words: its availability and its health contributors become the statuses of
 * {@code grpc.health.v1}, for the server as a whole and for each service.
 *
 * <p>Who may come in: nobody; applications set {@code grpc.server.health.*}, and may report to the
 * {@link dev.peregrine.grpc.services.health.HealthRegistry} themselves. Thread rule: events are heard on whatever thread
 * publishes them, and contributors are asked on one thread of this room, {@code grpc-health}, because they block. Start
 * reading at {@code GrpcHealthAutoConfiguration}, then {@code HealthReporter}.
 */
@NullMarked
package dev.peregrine.grpc.boot.health;

import org.jspecify.annotations.NullMarked;
