/**
 * What a JVM has used so far: processor time and heap.
 *
 * <p>Who may come in: the programs of both sides. Thread rule: any thread may read the meters. Start reading at
 * {@link dev.peregrine.grpc.benchmarks.meter.Counters}.
 */
@NullMarked
package dev.peregrine.grpc.benchmarks.meter;

import org.jspecify.annotations.NullMarked;
