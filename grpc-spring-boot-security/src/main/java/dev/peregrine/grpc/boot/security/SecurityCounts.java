// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How many calls were refused since the application started, by reason. Safe for all threads. */
public final class SecurityCounts {

    private final Map<Refusal, LongAdder> adders = new EnumMap<>(Refusal.class);

    SecurityCounts() {
        for (Refusal refusal : Refusal.values()) {
            adders.put(refusal, new LongAdder());
        }
    }

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
        return adders.get(refusal).sum();
    }

    void add(Refusal refusal) {
        adders.get(refusal).increment();
    }
}
