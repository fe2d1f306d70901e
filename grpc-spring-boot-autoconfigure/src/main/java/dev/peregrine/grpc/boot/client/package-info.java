/**
 * The clients of an application: gives {@link dev.peregrine.grpc.boot.client.GrpcClient} fields and parameters what they
 * ask for, over channels made of {@code grpc.client.*}.
 *
 * <p>Who may come in: applications, for the annotations and
 * {@link dev.peregrine.grpc.boot.client.GrpcChannelCustomizer}. Thread rule: channels are made by whichever thread creates
 * the bean that needs them, under one lock; the clients are for all threads. Start reading at
 * {@code GrpcClientAutoConfiguration}, then {@code GrpcClientResolver} and {@code GrpcChannels}.
 */
@NullMarked
package dev.peregrine.grpc.boot.client;

import org.jspecify.annotations.NullMarked;
