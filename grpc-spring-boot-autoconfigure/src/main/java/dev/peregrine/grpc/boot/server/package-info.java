/**
 * The servers of an application: finds its {@link dev.peregrine.grpc.boot.server.GrpcService} beans, listens where
 * {@code grpc.server.*} and {@code grpc.servers.<name>.*} say, and stops when the context stops.
 *
 * <p>Who may come in: applications, for the annotations, {@link dev.peregrine.grpc.boot.server.GrpcServerCustomizer},
 * {@link dev.peregrine.grpc.boot.server.GrpcServers} and its events. Thread rule: planning, starting and stopping happen on
 * the container's thread; draining goes on in the background and tells the container when it is done. Start reading at
 * {@code GrpcServerAutoConfiguration}, then {@code ServerStartStop}, {@code ServerPlans} and {@code ServerFactory}.
 */
@NullMarked
package dev.peregrine.grpc.boot.server;

import org.jspecify.annotations.NullMarked;
