/**
 * Tells whoever asks, by gRPC's health protocol, whether a server and its services can be used.
 *
 * <p>Who may come in: everybody. {@link dev.peregrine.grpc.services.health.HealthRegistry} is what an application or a
 * framework reports to, {@link dev.peregrine.grpc.services.health.HealthService} what the server serves.
 *
 * <p>Thread rule: reports come from any thread and never wait for a watcher. Start reading at {@code HealthRegistry}.
 */
@NullMarked
package dev.peregrine.grpc.services.health;

import org.jspecify.annotations.NullMarked;
