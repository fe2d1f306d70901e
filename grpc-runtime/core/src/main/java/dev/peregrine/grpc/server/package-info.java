/**
 * The call, seen by the one who answers: which methods there are, which interceptors stand before them, on which thread
 * they run, and how a server starts and stops.
 *
 * <p>Who may come in: generated code and applications. Thread rule: handlers of
 * {@link dev.peregrine.grpc.server.ExecutionMode#EVENT_LOOP} methods run on the connection's thread and must not block;
 * those of {@link dev.peregrine.grpc.server.ExecutionMode#BLOCKING} methods have a thread of their own for as long as
 * they run. Start reading at {@link dev.peregrine.grpc.server.Server}, then {@code RunningCall}.
 *
 * <p>A call is one object in layers, from the ground up: {@link dev.peregrine.grpc.transport.EventDelivery} (on which thread),
 * {@code AnsweredCall} (what may be known and said), {@code HandledCall} (what happens around the handler), {@code RunningCall}
 * (messages).
 */
@NullMarked
package dev.peregrine.grpc.server;

import org.jspecify.annotations.NullMarked;
