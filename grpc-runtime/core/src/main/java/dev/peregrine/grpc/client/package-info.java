/**
 * The call, seen by the one who asks: channels, calls and what stands around them. The only place where naming and
 * balancing meet a connection.
 *
 * <p>Who may come in: generated code and applications. Thread rule: a channel may be used by all threads; a call by one
 * thread at a time; listeners run on the connection's event loop unless the call's options name an executor. Start
 * reading at {@link dev.peregrine.grpc.client.ManagedChannel}, then {@code OutgoingCall}.
 *
 * <p>A call is one object in layers, from the ground up: {@link dev.peregrine.grpc.transport.EventDelivery} (on which thread),
 * {@code OpenedCall} (the way to a stream), {@code ListenedCall} (the listener), {@code OutgoingCall} (messages).
 */
@NullMarked
package dev.peregrine.grpc.client;

import org.jspecify.annotations.NullMarked;
