// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.health;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The health contributors that matter for something.
 *
 * @param include their names; {@link #EVERY} for all there are
 * @param exclude those of them that do not matter after all
 */
record ContributorGroup(Set<String> include, Set<String> exclude) {

    static final String EVERY = "*";

    ContributorGroup {
        include = Set.copyOf(include);
        exclude = Set.copyOf(exclude);
    }

    /**
     * Whether everything that matters is up; a name that is included and unknown is not.
     *
     * @param up whether each contributor is, by name
     */
    boolean isUp(Map<String, Boolean> up) {
        Set<String> names = new TreeSet<>(include);
        if (names.remove(EVERY)) {
            names.addAll(up.keySet());
        }
        if (exclude.contains(EVERY)) {
            return true;
        }
        names.removeAll(exclude);
        return names.stream().allMatch(name -> up.getOrDefault(name, false));
    }

    /** The names that are included and that nobody has. */
    Set<String> unknownAmong(Set<String> known) {
        Set<String> unknown = new TreeSet<>(include);
        unknown.remove(EVERY);
        unknown.removeAll(known);
        return unknown;
    }
}
