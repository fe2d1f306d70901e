// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What another starter calls things.
 *
 * @param of whose names they are, as {@code docs/migration-properties.md} titles its tables
 * @param reader a class of that starter, where its names are its alone: on a class path that has it, they are in use. Null
 *     where they are mixed with ours under {@code grpc}: whoever else is there, we do not do what they say
 * @param names the first that matches counts
 */
record OldNames(String of, @Nullable String reader, List<OldName> names) {}
