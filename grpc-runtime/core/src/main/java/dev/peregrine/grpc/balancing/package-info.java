/**
 * Which connection a call takes, and when a lost connection is tried again. So far: the states of a channel and the
 * backoff between attempts.
 *
 * <p>Who may come in: {@code client}. Thread rule: pure values and decisions. Start reading at
 * {@link dev.peregrine.grpc.balancing.ConnectivityState}.
 */
@NullMarked
package dev.peregrine.grpc.balancing;

import org.jspecify.annotations.NullMarked;
