/**
 * TLS from Spring Boot's SSL bundles, for servers and clients alike.
 *
 * <p>Who may come in: the rooms of servers and clients. Thread rule: bundles are read on the container's thread, and
 * reloaded on the thread that watches them. Start reading at {@link dev.peregrine.grpc.boot.ssl.BundledTls}.
 */
@NullMarked
package dev.peregrine.grpc.boot.ssl;

import org.jspecify.annotations.NullMarked;
