/**
 * Reflection, where it helps and does no harm: it tells whoever can call it the whole interface of a server.
 *
 * <p>Who may come in: nobody; applications set {@code grpc.server.reflection.*}. Thread rule: the container's. Start reading
 * at {@code GrpcReflectionAutoConfiguration}.
 */
@NullMarked
package dev.peregrine.grpc.boot.reflection;

import org.jspecify.annotations.NullMarked;
