// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** How many calls were refused since the application started, by reason. Safe for all threads. */
public final class SecurityCounts {

    /** By the ordinal of the refusal. */
    private final LongAdder[] adders =
            Stream.generate(LongAdder::new).limit(Refusal.values().length).toArray(LongAdder[]::new);

    SecurityCounts() {}

    /** Why a call was refused. */
    public enum Refusal {
        /** It carried no credentials, and the method asks for some. */
        MISSING,
        /** Its credentials could not be read. */
        MALFORMED,
        /** Its credentials were checked, and not accepted. */
        REJECTED,
        /** Its caller is known, and may not. */
        DENIED,
        /** Too many credentials were being checked. */
        BUSY,
        /** Credentials could not be checked, because something that checks them failed. */
        UNABLE
    }

    /** How many calls were refused for this reason. */
    public long of(Refusal refusal) {
        return adders[refusal.ordinal()].sum();
    }

    void add(Refusal refusal) {
        adders[refusal.ordinal()].increment();
    }
}
