// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * Several readings of one thing. The median is told because a shared machine disturbs single rounds; the extremes are
 * told because the median alone hides by how much.
 */
record Spread(double median, double least, double most) {

    /**
     * @throws IllegalArgumentException if there are no values
     */
    static Spread of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("a spread needs at least one value");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** {@code median (least–most)}, or a dash if there is nothing to tell. */
    String text() {
        return Double.isNaN(median) ? "–" : number(median) + " (" + number(least) + "–" + number(most) + ")";
    }

    /** Three digits are more than the noise lets through. */
    private static String number(double value) {
        String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
