// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.Arrays;

/**
 * The streams we reset lately. The peer may have sent frames of them before it heard (RFC 9113 §5.1, "closed"): those
 * are dropped; frames on any other closed stream are errors.
 *
 * <p>Who keeps to the rules opens a stream in the place of another only when it has heard that the other has ended, and has
 * stopped sending on it by then. So it has late frames under way for as many streams as it may have open at once, and an
 * honest peer's are never forgotten.
 */
final class ResetMemory {

    /** Remembered even where fewer calls are allowed: a client may open more before it has heard of that. */
    private static final int LEAST = 1024;

    private final int most;
    private final IntObjectMap<Boolean> known = new IntObjectHashMap<>();

    /** The same ones, in the order they came; from {@code oldest} on once all places are taken. */
    private int[] ids = new int[8];

    private int oldest;

    /**
     * @param concurrentStreams how many streams may be open at once
     */
    ResetMemory(int concurrentStreams) {
        this.most = Math.max(LEAST, concurrentStreams);
    }

    void add(int streamId) {
        if (known.put(streamId, Boolean.TRUE) != null) {
            return;
        }
        int count = known.size() - 1;
        if (count < most) {
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, Math.min(most, count * 2));
            }
            ids[count] = streamId;
        } else {
            known.remove(ids[oldest]);
            ids[oldest] = streamId;
            oldest = (oldest + 1) % most;
        }
    }

    boolean contains(int streamId) {
        return known.containsKey(streamId);
    }
}
