// SPDX-License-Identifier: Apache-2.0
/**
 * What a JVM has used so far: processor time and heap. Any thread may read the meters; start at
 * {@link dev.peregrine.grpc.benchmarks.meter.Counters}.
 */
@NullMarked
package dev.peregrine.grpc.benchmarks.meter;

import org.jspecify.annotations.NullMarked;
