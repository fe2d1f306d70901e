// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One iteration as data: what it starts from, and what happens then, in order. Played twice it comes out the same, also
 * with steps left out, which is how a failure is made small.
 *
 * @param <O> what the play starts from
 * @param <S> a step
 */
public record Script<O, S>(O opening, List<S> steps) {

    public Script {
        steps = List.copyOf(steps);
    }

    /** This script without these steps, as far as they are optional. */
    Script<O, S> without(int from, int count, BiPredicate<O, S> optional) {
        List<S> rest = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            boolean asked = i >= from && i < from + count;
            if (!asked || !optional.test(opening, steps.get(i))) {
                rest.add(steps.get(i));
            }
        }
        return new Script<>(opening, rest);
    }

    /** As people read it. */
    @Override
    public String toString() {
        return IntStream.range(0, steps.size())
                .mapToObj(step -> "  " + step + ": " + steps.get(step))
                .collect(Collectors.joining("\n", opening + "\n", ""));
    }
}
