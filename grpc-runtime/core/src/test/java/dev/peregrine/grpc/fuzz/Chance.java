// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.fuzz;

import java.util.List;
import java.util.Random;

/** Dice that fall the same way for the same seed. */
public final class Chance {

    /** Where off-by-one lives: around the sizes that HTTP/2 and its numbers are made of. */
    private static final long[] EDGES = {
        0,
        1,
        2,
        5,
        9,
        127,
        128,
        255,
        256,
        16_383,
        16_384,
        16_385,
        65_534,
        65_535,
        65_536,
        (1 << 24) - 1,
        1 << 24,
        Integer.MAX_VALUE - 1L,
        Integer.MAX_VALUE,
        1L << 31,
        0xffffffffL
    };

    private final long seed;
    private final Random random;

    public Chance(long seed) {
        this.seed = seed;
        random = new Random(scattered(seed));
    }

    /** Neighbouring seeds give neighbouring first throws of {@link Random}; scattered ones do not. */
    private static long scattered(long seed) {
        long bits = (seed + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
        return bits ^ bits >>> 31;
    }

    /** 0 to {@code bound - 1}. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    public int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** True once in so many times. */
    public boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    public long bits() {
        return random.nextLong();
    }

    /** An unsigned number of 32 bits, more often than not at an edge. */
    public long number() {
        return oneIn(3) ? random.nextInt() & 0xffffffffL : EDGES[below(EDGES.length)];
    }

    /** Often small, sometimes the most. */
    public int size(int most) {
        if (oneIn(8)) {
            return most;
        }
        return below(1 + (oneIn(4) ? most : Math.min(most, 40)));
    }

    @SafeVarargs
    public final <T> T of(T... choices) {
        return choices[below(choices.length)];
    }

    public <T> T of(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    public byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Any characters at all, lone surrogates included, with those of this alphabet most often. */
    public String text(int maxLength, String alphabet) {
        StringBuilder text = new StringBuilder();
        boolean strange = oneIn(3);
        for (int length = below(maxLength + 1); length > 0; length--) {
            boolean any = alphabet.isEmpty() || (strange && oneIn(4));
            text.append(
                    any
                            ? (char) random.nextInt(oneIn(2) ? 0x100 : 0x10000)
                            : alphabet.charAt(below(alphabet.length())));
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "dice of seed " + seed;
    }
}
