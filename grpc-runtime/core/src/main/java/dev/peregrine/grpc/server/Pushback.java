// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tells callers that were refused when to come back (gRFC A6, {@code grpc-retry-pushback-ms}): by chance between half of the
 * time and all of it, lest they come back together.
 */
final class Pushback {

    private static final MetadataKey<String> KEY = MetadataKey.ascii("grpc-retry-pushback-ms");

    private Pushback() {}

    /** Where nobody has said how long. */
    static Metadata afterOneSecond() {
        return after(1000);
    }

    static Metadata after(long millis) {
        long half = millis / 2;
        return Metadata.of(KEY, Long.toString(half + ThreadLocalRandom.current().nextLong(millis - half + 1)));
    }
}
