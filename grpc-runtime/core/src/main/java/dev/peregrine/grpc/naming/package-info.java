/**
 * From a target to addresses: what a client channel is told to talk to, and where that is right now.
 *
 * <p>Who may come in: {@code client}, {@code balancing}; applications cannot bring resolvers of their own yet. Thread rule:
 * resolvers block, on a thread of their own; values are immutable. Start reading at {@link dev.peregrine.grpc.naming.Target}.
 */
@NullMarked
package dev.peregrine.grpc.naming;

import org.jspecify.annotations.NullMarked;
