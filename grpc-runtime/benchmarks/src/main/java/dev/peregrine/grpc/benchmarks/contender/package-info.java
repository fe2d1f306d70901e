/**
 * Who is measured: one class per contender, each with its server and its client, over plain HTTP/2 on the loopback
 * interface. All answer the same {@code peregrine.benchmarks.Echo} with the same message class, run on the
 * same Netty, and keep their defaults except for what gives a contender its name.
 *
 * <p>Who may come in: the programs above. Thread rule: a contender is started and stopped by one thread;
 * its calls may be made by any. Start reading at {@link dev.peregrine.grpc.benchmarks.contender.Lineup}.
 */
@NullMarked
package dev.peregrine.grpc.benchmarks.contender;

import org.jspecify.annotations.NullMarked;
