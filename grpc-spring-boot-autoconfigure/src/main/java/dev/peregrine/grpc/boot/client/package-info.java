/**
 * The clients of an application: gives {@link dev.peregrine.grpc.boot.client.GrpcClient} fields and parameters what they
 * ask for, over channels made of {@code grpc.client.*}.
 *
 * <p>Who may come in: applications, for the annotations,
 * {@link dev.peregrine.grpc.boot.client.GrpcChannelCustomizer} and {@link dev.peregrine.grpc.boot.client.GrpcChannels}. Thread
 * rule: channels are made by whichever thread asks first; the container is never asked for anything under a lock of ours, as
 * its own may be held by a thread that waits for us. The clients are for all threads. Start reading at
 * {@code GrpcClientAutoConfiguration}, then {@code GrpcClientResolver} and {@code GrpcChannels}.
 */
@NullMarked
package dev.peregrine.grpc.boot.client;

import org.jspecify.annotations.NullMarked;
