// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.FuzzWitness.require;

import dev.peregrine.grpc.fuzz.FrameBytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads along the PINGs of both ends (RFC 9113 §6.7): each is answered once and in turn, and ours are asked for a reason. */
final class PingWitness {

    /** The payload of the PING of a server that goes away, which each connection sends once. */
    private static final long DRAIN_PING = 0x7065726567726e65L;

    /** Of the PINGs that measure the line. */
    static final long MEASURING_PING = 0x62616e6477696474L;

    private final Deque<Long> toAnswer = new ArrayDeque<>();
    private final Set<Long> asked = new LinkedHashSet<>();
    private int ofUs;
    private int keepAlive;
    private boolean drained;
    private int measuring;
    private int measured;

    /** How many we have sent. */
    int ofUs() {
        return ofUs;
    }

    /** How many of them asked a silent peer whether it is there. */
    int keepAlive() {
        return keepAlive;
    }

    /** Answers to those that the peer has not answered yet. */
    List<byte[]> answersDue() {
        return asked.stream().map(payload -> FrameBytes.ping(true, payload)).toList();
    }

    void peerAsks(long payload) {
        toAnswer.add(payload);
    }

    void peerAnswers(long payload) {
        asked.remove(payload);
        measured += payload == MEASURING_PING ? 1 : 0;
    }

    void weAnswer(long payload) {
        Long next = toAnswer.poll();
        require(next != null && next == payload, "a PING is answered that did not come, or not in turn", 0);
    }

    /**
     * @param windowsMayGrow whether there is something to measure the line for
     */
    void weAsk(long payload, boolean server, boolean windowsMayGrow) {
        ofUs++;
        asked.add(payload);
        if (payload == DRAIN_PING) {
            require(server && !drained, "a second PING of the same drain, or a client's", 0);
            drained = true;
        } else if (payload == MEASURING_PING) {
            require(++measuring <= measured + 1, "the line is measured while it is being measured", 0);
            require(windowsMayGrow, "the line is measured though no window can grow", 0);
        } else {
            require(payload == KeepAlivePings.PAYLOAD, "a PING that nobody knows: " + payload, 0);
            keepAlive++;
        }
    }
}
