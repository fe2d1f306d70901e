/**
 * What the interop server and the interop client have in common: their flags, and the zeros they send each other. Never
 * published.
 *
 * <p>Who may come in: only {@code interop.server} and {@code interop.client}. Thread rule: everything here is immutable.
 * Start reading at {@link dev.peregrine.grpc.interop.server.InteropServer} and
 * {@link dev.peregrine.grpc.interop.client.InteropClient}.
 */
@NullMarked
package dev.peregrine.grpc.interop;

import org.jspecify.annotations.NullMarked;
