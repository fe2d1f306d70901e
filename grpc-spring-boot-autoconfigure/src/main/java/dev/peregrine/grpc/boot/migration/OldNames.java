// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import java.util.List;

/**
 * What another starter calls things.
 *
 * @param of whose names they are, as {@code docs/migration.md} titles its tables
 * @param names the first that matches counts
 */
record OldNames(String of, List<OldName> names) {

    static final List<OldNames> ALL = List.of(
            NetDevhNames.SERVER, NetDevhNames.CLIENT, LogNetNames.ALL, SpringGrpcNames.SERVER, SpringGrpcNames.CLIENT);
}
