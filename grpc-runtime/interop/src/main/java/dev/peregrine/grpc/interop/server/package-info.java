/**
 * The server side of interop-test-descriptions.md: {@code grpc.testing.TestService}, once for each face of the generated
 * code.
 *
 * <p>Who may come in: tests, which start a server in their own process. Thread rule: the blocking service runs on threads
 * that may wait, the asynchronous one on event loops. Start reading at
 * {@link dev.peregrine.grpc.interop.server.InteropServer}.
 */
@NullMarked
package dev.peregrine.grpc.interop.server;

import org.jspecify.annotations.NullMarked;
