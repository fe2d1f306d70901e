// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.soak;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Things that begin and must end: calls, connections. Any thread may write in it. */
final class Ledger {

    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final Set<Entry> open = ConcurrentHashMap.newKeySet();

    Entry begin(String what) {
        begun.incrementAndGet();
        Entry entry = new Entry(what);
        open.add(entry);
        return entry;
    }

    long begun() {
        return begun.get();
    }

    long ended() {
        return ended.get();
    }

    /** What has not ended. */
    List<String> open() {
        return open.stream().map(entry -> entry.what).toList();
    }

    /** Waits until everything has ended, or the patience has. */
    void await(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!open.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
    }

    @Override
    public String toString() {
        return begun + " begun, " + ended + " ended";
    }

    final class Entry {

        private final String what;
        private final AtomicBoolean over = new AtomicBoolean();

        private Entry(String what) {
            this.what = what;
        }

        /** False if it had ended before. */
        boolean end() {
            if (!over.compareAndSet(false, true)) {
                return false;
            }
            open.remove(this);
            ended.incrementAndGet();
            return true;
        }
    }
}
