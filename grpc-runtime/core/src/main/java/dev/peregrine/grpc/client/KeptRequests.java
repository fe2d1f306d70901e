// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.wire.MessagePrefix;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests of a stream so far, as long as the call may have to be sent again: messages, not buffers, so there is nothing
 * to release. Guarded by its call.
 *
 * <p>It is full when it holds {@code writeBufferHighWater} bytes: no sooner than {@code isReady()} would be false, if
 * nothing had gone out yet. So a call that heeds {@code isReady()} can be sent again as long as it has not left.
 */
final class KeptRequests {

    private final int most;
    private final List<OutboundMessage<?>> messages = new ArrayList<>(4);
    private int bytes;
    private boolean ended;

    /**
     * @param most how many bytes make it full; what is added then is kept all the same
     */
    KeptRequests(int most) {
        this.most = most;
    }

    void add(OutboundMessage<?> message) {
        messages.add(message);
        bytes = (int) Math.min(Integer.MAX_VALUE, (long) bytes + MessagePrefix.LENGTH + message.length());
    }

    /** No more follow. */
    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isFull() {
        return bytes >= most;
    }

    /** Those behind the first so many. */
    List<OutboundMessage<?>> behind(int count) {
        return count == messages.size() ? List.of() : List.copyOf(messages.subList(count, messages.size()));
    }
}
