/**
 * The client side of interop-test-descriptions.md: each case does what the description says and checks what it demands.
 *
 * <p>Who may come in: tests, which run cases in their own process. Thread rule: a case is run by one thread, which waits.
 * Start reading at {@link dev.peregrine.grpc.interop.client.TestCases}.
 */
@NullMarked
package dev.peregrine.grpc.interop.client;

import org.jspecify.annotations.NullMarked;
