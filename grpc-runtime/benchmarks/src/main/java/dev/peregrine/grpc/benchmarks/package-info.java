/**
 * Measures this runtime against grpc-java in one run: the same calls, on the same machine, in turns.
 *
 * <p>{@link dev.peregrine.grpc.benchmarks.SideBySide} is the program to start, and the place to start reading. It starts
 * two child JVMs for each turn, {@link dev.peregrine.grpc.benchmarks.ServerMain} and
 * {@link dev.peregrine.grpc.benchmarks.ClientMain}, so that CPU time and allocation belong to one side; it drives them
 * by lines on their standard input and does nothing while they measure. Nothing here is published.
 *
 * <p>Who may come in: nobody; it is a program. Thread rule: the orchestrator has one thread, and one more per child that
 * reads what the child says.
 */
@NullMarked
package dev.peregrine.grpc.benchmarks;

import org.jspecify.annotations.NullMarked;
