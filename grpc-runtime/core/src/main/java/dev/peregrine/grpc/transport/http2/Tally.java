// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.observe.CallCounts;
import dev.peregrine.grpc.observe.ObservedId;

/** What a connection counts for those who may look at it. Confined to the event loop. */
final class Tally {

    private final long id = ObservedId.next();
    private final long openedAt;
    private long started;
    private long succeeded;
    private long lastStarted;
    private long sent;
    private long received;
    private long keepAlives;

    /**
     * @param openedAt when the connection was made, in the clock's nanoseconds
     */
    Tally(long openedAt) {
        this.openedAt = openedAt;
    }

    /** What the connection is called by those who look. */
    @AnyThread
    long id() {
        return id;
    }

    long openedAt() {
        return openedAt;
    }

    /**
     * @param at when, in the clock's nanoseconds; as exact as the connection notes times
     */
    void callStarted(long at) {
        started++;
        lastStarted = at;
    }

    void callSucceeded() {
        succeeded++;
    }

    void messageSent() {
        sent++;
    }

    void messagesReceived(int count) {
        received += count;
    }

    void keepAliveSent() {
        keepAlives++;
    }

    /**
     * @param open how many calls have not ended
     */
    CallCounts calls(int open) {
        return new CallCounts(started, succeeded, started - succeeded - open);
    }

    /** When the last call was begun; means nothing if none was. */
    long lastStarted() {
        return lastStarted;
    }

    long sent() {
        return sent;
    }

    long received() {
        return received;
    }

    long keepAlives() {
        return keepAlives;
    }
}
