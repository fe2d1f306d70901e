/**
 * Closed loops: a fixed number of calls is always under way, and each answer starts the next call. The same loops drive
 * every contender, so that what they cost cancels out.
 *
 * <p>Who may come in: the client's program. Thread rule: a load is run by one thread at a time; what it calls may answer on
 * any. Start reading at {@link dev.peregrine.grpc.benchmarks.load.Load}.
 */
@NullMarked
package dev.peregrine.grpc.benchmarks.load;

import org.jspecify.annotations.NullMarked;
