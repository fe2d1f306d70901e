// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.channelz;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** Some of a list, in the order of ids, and whether nothing follows. */
record Page<T>(List<T> items, boolean isLast) {

    static <T> Page<T> of(List<T> all, ToLongFunction<T> id, long first, int most) {
        List<T> rest = all.stream()
                .filter(item -> id.applyAsLong(item) >= first)
                .sorted(Comparator.comparingLong(id))
                .toList();
        return new Page<>(rest.subList(0, Math.min(most, rest.size())), rest.size() <= most);
    }
}
