// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** The starters whose names we know. */
final class KnownStarters {

    static final List<OldNames> ALL = List.of(
            NetDevhNames.SERVER, NetDevhNames.CLIENT, LogNetNames.ALL, SpringGrpcNames.SERVER, SpringGrpcNames.CLIENT);

    private KnownStarters() {}

    /** Those whose properties nobody reads where these classes are. */
    static List<OldNames> unread(@Nullable ClassLoader classes) {
        return ALL.stream()
                .filter(starter -> starter.reader() == null || !ClassUtils.isPresent(starter.reader(), classes))
                .toList();
    }
}
