// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.observe;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers by which servers, channels and connections are told apart, over the whole process and for its whole life. */
public final class ObservedId {

    private static final AtomicLong LAST = new AtomicLong();

    private ObservedId() {}

    /** A number that was not given before, above all that were. */
    public static long next() {
        return LAST.incrementAndGet();
    }
}
