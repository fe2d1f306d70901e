// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.fuzz.Chance;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What can happen to a connection, as data. */
sealed interface FuzzStep {

    /**
     * @param more whether the socket has more in the same batch
     */
    record Receive(byte[] bytes, boolean more) implements FuzzStep {
        @Override
        public String toString() {
            return "receive " + ByteBufUtil.hexDump(bytes) + (more ? " and" : "");
        }
    }

    /**
     * The application does something.
     *
     * @param call which of its calls, counted from the first and round again
     * @param size of what it writes, in bytes; after one that divides by four, the next step comes before the event loop
     *     gets to its tasks
     * @param far whether on another thread than the event loop
     */
    record Act(int call, Move move, int size, boolean far) implements FuzzStep {

        /** Whether the peer may speak of a new stream from now on. */
        boolean opens() {
            return move == Move.OPEN_UNARY || move == Move.OPEN_STREAM;
        }
    }

    /** The peer acknowledges SETTINGS of ours and answers PINGs, all that it owes. */
    record Answer() implements FuzzStep {}

    /** Time goes by. */
    record Pass(long millis) implements FuzzStep {}

    /** From now on the network takes this many bytes. */
    record Room(int bytes) implements FuzzStep {}

    /** The socket says that it is broken. */
    record Break() implements FuzzStep {}

    /** The other end is gone. */
    record Lose() implements FuzzStep {}

    enum Move {
        /** Client: a call with its only request. */
        OPEN_UNARY,
        /** Client: a call whose requests follow. */
        OPEN_STREAM,
        /** Server: a single response with everything about it. */
        REPLY,
        /** Server. */
        HEADERS,
        WRITE,
        /** A message whose marshaller fails. */
        WRITE_BROKEN,
        REQUEST,
        REQUEST_ALL,
        /** Client. */
        HALF_CLOSE,
        /** Client. */
        CANCEL,
        /** Server: OK. */
        END,
        /** Server: another status. */
        FAIL,
        /** No more calls, those that are open may end. */
        SHUTDOWN,
        SHUTDOWN_NOW
    }

    /** Frames as the network may bring them: each alone, cut to pieces, or many in one go. */
    static List<FuzzStep> received(List<byte[]> frames, Chance chance) {
        int style = chance.below(4);
        List<FuzzStep> steps = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            byte[] bytes = frames.get(i);
            for (int more = style == 1 ? chance.below(6) : 0; more > 0 && i + 1 < frames.size(); more--) {
                bytes = joined(bytes, frames.get(++i));
            }
            int start = 0;
            while (style >= 2 && start < bytes.length && chance.oneIn(style)) {
                int end = style == 2
                        ? Math.min(bytes.length, start + 1 + chance.below(12))
                        : chance.between(start, bytes.length);
                steps.add(new Receive(Arrays.copyOfRange(bytes, start, end), chance.oneIn(2)));
                start = end;
            }
            steps.add(new Receive(Arrays.copyOfRange(bytes, start, bytes.length), chance.oneIn(3)));
        }
        return steps;
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        byte[] both = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, both, head.length, tail.length);
        return both;
    }
}
