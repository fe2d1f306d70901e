// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

/**
 * The streams we reset lately. The peer may have sent frames of them before it heard (RFC 9113 §5.1, "closed"): those
 * are dropped; frames on any other closed stream are errors.
 */
final class ResetMemory {

    /** As many as may be under way at once, with the default of concurrent calls. */
    private static final int SIZE = 1024;

    private int[] ids = new int[8];
    private int count;
    private int next;

    void add(int streamId) {
        if (count == ids.length && count < SIZE) {
            ids = java.util.Arrays.copyOf(ids, count * 2);
            next = count;
        }
        ids[next] = streamId;
        next = (next + 1) % ids.length;
        count = Math.min(count + 1, ids.length);
    }

    boolean contains(int streamId) {
        for (int i = 0; i < count; i++) {
            if (ids[i] == streamId) {
                return true;
            }
        }
        return false;
    }
}
