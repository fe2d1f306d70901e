// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A warning that strangers can cause as often as they like: it is logged when it comes up, then at most once a minute, with
 * how many were left out. For any thread.
 */
public final class RareWarning {

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final System.Logger log;
    private final Ticker ticker;
    private final AtomicLong quietUntil;
    private final AtomicLong leftOut = new AtomicLong();

    /**
     * @param ticker what the minute is measured by
     */
    public RareWarning(System.Logger log, Ticker ticker) {
        this.log = log;
        this.ticker = ticker;
        this.quietUntil = new AtomicLong(ticker.nanos());
    }

    public void warn(String what) {
        long now = ticker.nanos();
        long until = quietUntil.get();
        if (now - until < 0 || !quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            leftOut.incrementAndGet();
            return;
        }
        long others = leftOut.getAndSet(0);
        log.log(System.Logger.Level.WARNING, others == 0 ? what : what + " (and " + others + " like it before)");
    }
}
