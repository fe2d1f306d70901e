// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.policy;

import dev.peregrine.grpc.MethodDescriptor;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Guesses what was meant by a name that there is not. */
final class NearestName {

    private NearestName() {}

    /** A clause that proposes the most similar service or method; empty if there is none at all. */
    static String to(MethodPattern pattern, List<MethodDescriptor<?, ?>> methods) {
        String wrong = pattern.toString();
        boolean method = pattern.method() != null;
        Stream<String> names = methods.stream().map(each -> method ? each.fullName() : each.service());
        return names.distinct()
                .min(Comparator.comparingInt(name -> distance(wrong, name)))
                .map(name -> "; the nearest there is, is '" + name + "'")
                .orElse("");
    }

    /** How many letters have to be inserted, removed or replaced to make one of the other (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
