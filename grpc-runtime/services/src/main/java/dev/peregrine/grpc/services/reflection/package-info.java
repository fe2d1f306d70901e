/**
 * Tells tools such as grpcurl, by gRPC's reflection protocol, which services a server has and what their messages look
 * like. Whoever can call it learns the whole interface: serve it where that is wanted.
 *
 * <p>Who may come in: everybody. Thread rule: the index is made once and never changes; answers are given on the
 * connection's thread. Start reading at {@link dev.peregrine.grpc.services.reflection.ReflectionServices}.
 */
@NullMarked
package dev.peregrine.grpc.services.reflection;

import org.jspecify.annotations.NullMarked;
