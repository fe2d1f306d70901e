// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Breaks a conversation: frames are damaged, cut, lost, repeated, swapped, spliced, or joined by strangers. */
public final class Mutations {

    private static final int MAX_STREAM = 16;

    private final Chance chance;

    public Mutations(Chance chance) {
        this.chance = chance;
    }

    /** The frames with this many mutations. */
    public List<byte[]> mutate(List<byte[]> frames, int times) {
        List<byte[]> mutated = new ArrayList<>(frames);
        for (int i = 0; i < times && !mutated.isEmpty(); i++) {
            mutateOnce(mutated);
        }
        return mutated;
    }

    private void mutateOnce(List<byte[]> frames) {
        int at = chance.below(frames.size());
        byte[] frame = frames.get(at).clone();
        switch (chance.below(15)) {
            case 0 -> frames.set(at, bitsFlipped(frame));
            case 1 -> frames.set(at, Arrays.copyOf(frame, chance.below(frame.length + 1)));
            case 2 -> frames.set(at, cutAndMeasured(frame));
            case 3 -> frames.set(at, withLength(frame, (int) (chance.oneIn(2) ? chance.below(300) : chance.number())));
            case 4 -> frames.set(at, with(frame, 4, chance.oneIn(2) ? 1 << chance.below(8) : chance.below(256)));
            case 5 -> frames.set(at, withStream(frame, strangeStream()));
            case 6 -> frames.set(at, with(frame, 3, chance.below(12)));
            case 7 -> frames.add(chance.below(frames.size() + 1), frame);
            case 8 -> frames.add(chance.below(frames.size()), frames.remove(at));
            case 9 -> frames.remove(at);
            case 10 -> frames.set(at, spliced(frame, chance.of(frames)));
            case 11 -> frames.add(at, chance.bytes(chance.below(40)));
            case 12 -> frames.add(at, FrameBytes.windowUpdate(strangeStream(), chance.number()));
            case 13 ->
                frames.add(at, FrameBytes.settings(chance.below(9), chance.number(), chance.below(9), chance.number()));
            default -> frames.add(at, stranger());
        }
    }

    /** A frame that looks like one from afar. */
    public byte[] stranger() {
        int length = chance.oneIn(4) ? chance.below(4) : chance.below(64);
        return FrameBytes.frame(
                chance.below(12),
                chance.oneIn(2) ? 0 : chance.below(256),
                strangeStream(),
                chance.oneIn(4) ? new byte[length] : chance.bytes(length));
    }

    private int strangeStream() {
        return chance.oneIn(5) ? (int) chance.number() : chance.below(MAX_STREAM);
    }

    private byte[] bitsFlipped(byte[] frame) {
        for (int flips = 1 + chance.below(3); flips > 0 && frame.length > 0; flips--) {
            frame[chance.below(frame.length)] ^= (byte) (1 << chance.below(8));
        }
        return frame;
    }

    /** Shorter, and saying so. */
    private byte[] cutAndMeasured(byte[] frame) {
        if (frame.length <= FrameBytes.HEADER) {
            return frame;
        }
        byte[] cut = Arrays.copyOf(frame, chance.between(FrameBytes.HEADER, frame.length));
        return withLength(cut, cut.length - FrameBytes.HEADER);
    }

    private static byte[] withLength(byte[] frame, int length) {
        return with(with(with(frame, 0, length >> 16), 1, length >> 8), 2, length);
    }

    private static byte[] withStream(byte[] frame, int streamId) {
        return with(with(with(with(frame, 5, streamId >> 24), 6, streamId >> 16), 7, streamId >> 8), 8, streamId);
    }

    private static byte[] with(byte[] frame, int index, int value) {
        if (index < frame.length) {
            frame[index] = (byte) value;
        }
        return frame;
    }

    private byte[] spliced(byte[] head, byte[] tail) {
        int from = chance.below(head.length + 1);
        int to = chance.below(tail.length + 1);
        byte[] spliced = Arrays.copyOf(head, from + tail.length - to);
        System.arraycopy(tail, to, spliced, from, tail.length - to);
        return spliced;
    }
}
