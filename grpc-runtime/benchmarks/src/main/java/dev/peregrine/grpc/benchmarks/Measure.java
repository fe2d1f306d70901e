// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import dev.peregrine.grpc.benchmarks.meter.Counters;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A column of the report: what is read from a sample. */
enum Measure {
    SERVER_CPU("server CPU, µs/%s", true, sample -> cpu(sample.server(), sample)),
    CLIENT_CPU("client CPU, µs/%s", true, sample -> cpu(sample.client(), sample)),
    SERVER_HEAP("server heap, B/%s", true, sample -> heap(sample.server(), sample)),
    CLIENT_HEAP("client heap, B/%s", true, sample -> heap(sample.client(), sample)),
    RATE("%ss/s", false, sample -> sample.calls() * 1e9 / sample.nanos());

    private final String title;

    /** Whether it is a cost, of which less is better and a ratio makes sense. */
    final boolean cost;

    private final ToDoubleFunction<Sample> reading;

    Measure(String title, boolean cost, ToDoubleFunction<Sample> reading) {
        this.title = title;
        this.cost = cost;
        this.reading = reading;
    }

    /** The head of the column; the unit is what is counted, such as {@code call}. */
    String title(String unit) {
        return String.format(title, unit);
    }

    /** NaN if the sample does not have it. */
    double of(Sample sample) {
        return reading.applyAsDouble(sample);
    }

    private static double cpu(@Nullable Counters side, Sample sample) {
        return side == null ? Double.NaN : side.workNanos() / 1e3 / sample.calls();
    }

    private static double heap(@Nullable Counters side, Sample sample) {
        return side == null ? Double.NaN : (double) side.allocatedBytes() / sample.calls();
    }
}
