/**
 * The server of an application: finds its {@link dev.peregrine.grpc.boot.server.GrpcService} beans, listens where
 * {@code grpc.server.*} says, and stops when the context stops.
 *
 * <p>Who may come in: applications, for the annotations and {@link dev.peregrine.grpc.boot.server.GrpcServerCustomizer}.
 * Thread rule: starting and stopping happen on the container's thread; draining goes on in the background and tells the
 * container when it is done. Start reading at {@code GrpcServerAutoConfiguration}, then {@code ServerRunner}.
 */
@NullMarked
package dev.peregrine.grpc.boot.server;

import org.jspecify.annotations.NullMarked;
