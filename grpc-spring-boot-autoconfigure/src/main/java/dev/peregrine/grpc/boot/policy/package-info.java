/**
 * What operators say of methods in {@code grpc.server.methods} and {@code grpc.server.overload}: deadlines, concurrency,
 * sizes, compression.
 *
 * <p>Who may come in: the server's room, with properties that are bound; nobody else. Thread rule: read when a server
 * starts, on the container's thread; the limits it makes are shared by the calls of that server. Start reading at
 * {@link dev.peregrine.grpc.boot.policy.MethodPolicies}.
 */
@NullMarked
package dev.peregrine.grpc.boot.policy;

import org.jspecify.annotations.NullMarked;
