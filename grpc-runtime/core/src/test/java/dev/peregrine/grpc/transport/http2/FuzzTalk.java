// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.fuzz.Chance;
import dev.peregrine.grpc.fuzz.FrameBytes;
import dev.peregrine.grpc.fuzz.Mutations;
import java.util.ArrayList;
import java.util.List;

/**
 * What a peer says, and what happens between its words. Lawful as it is put together, then perhaps mutated, and at last
 * cut into what a socket brings.
 */
final class FuzzTalk {

    /** A step, and how many frames come before it. */
    private record Between(int frames, FuzzStep step) {}

    private final Chance chance;
    private final List<Between> between = new ArrayList<>();
    private final int leastHeaderList;
    private List<byte[]> frames = new ArrayList<>();

    FuzzTalk(Chance chance) {
        this(chance, 0);
    }

    /**
     * @param leastHeaderList the smallest header list that the peer may say to accept, in bytes
     */
    FuzzTalk(Chance chance, int leastHeaderList) {
        this.chance = chance;
        this.leastHeaderList = leastHeaderList;
    }

    /** The peer says this. */
    void say(List<byte[]> next) {
        frames.addAll(next);
    }

    /** Then this happens. */
    void then(FuzzStep step) {
        between.add(new Between(frames.size(), step));
    }

    void mutate(int times) {
        frames = new Mutations(chance).mutate(frames, times);
    }

    /** From somewhere on nothing makes sense any more. */
    void turnIntoNoise() {
        Mutations mutations = new Mutations(chance);
        List<byte[]> noise = new ArrayList<>(frames.subList(0, chance.below(Math.min(frames.size(), 4) + 1)));
        boolean framed = chance.oneIn(2);
        for (int n = 1 + chance.below(30); n > 0; n--) {
            noise.add(framed ? mutations.stranger() : chance.bytes(chance.below(200)));
        }
        frames = noise;
    }

    List<FuzzStep> steps() {
        List<FuzzStep> steps = new ArrayList<>();
        int said = 0;
        for (Between next : between) {
            int until = Math.min(next.frames(), frames.size());
            if (until > said) {
                steps.addAll(FuzzStep.received(frames.subList(said, until), chance));
                said = until;
            }
            steps.add(next.step());
        }
        steps.addAll(FuzzStep.received(frames.subList(said, frames.size()), chance));
        return steps;
    }

    // ---- the parts of lawful talk that both ends have ----

    /** What may be said at any time, and changes little. */
    List<byte[]> aside(int highestStream) {
        int stream = 1 + 2 * chance.below(Math.max(1, (highestStream + 1) / 2));
        byte[] frame = switch (chance.below(8)) {
            case 0 -> FrameBytes.ping(false, chance.bits());
            case 1 -> FrameBytes.ping(true, chance.oneIn(3) ? PingWitness.MEASURING_PING : chance.bits());
            case 2 -> FrameBytes.windowUpdate(0, chance.between(1, 1 << 16));
            case 3 ->
                highestStream == 0
                        ? FrameBytes.settingsAck()
                        : FrameBytes.windowUpdate(stream, chance.between(1, 1 << 16));
            case 4 -> settings();
            case 5 -> FrameBytes.frame(FrameBytes.PRIORITY, 0, stream, new byte[] {0, 0, 0, 0, 7});
            case 6 ->
                FrameBytes.frame(chance.between(0x0b, 0xff), chance.below(256), stream, chance.bytes(chance.below(30)));
            default -> FrameBytes.settingsAck();
        };
        return List.of(frame);
    }

    /** One frame that is well made, and wrong where it stands, or at the edge of it. */
    List<byte[]> offence(int highestStream) {
        int stream = 1 + 2 * chance.below((highestStream + 1) / 2);
        byte[] frame = switch (chance.below(9)) {
            case 0 -> FrameBytes.windowUpdate(0, chance.number());
            case 1, 2 -> FrameBytes.windowUpdate(stream, chance.number());
            case 3 -> FrameBytes.rstStream(stream, chance.number());
            case 4 -> FrameBytes.data(stream, chance.bytes(chance.size(16_000)), chance.below(10), chance.oneIn(2));
            case 5 -> FrameBytes.data(stream, new byte[0], 0, false);
            case 6 -> FrameBytes.settings(chance.below(8), chance.number());
            case 7 -> FrameBytes.goAway(chance.number(), chance.number(), chance.bytes(chance.below(300)));
            default -> FrameBytes.rstStream(highestStream + 2, 8);
        };
        List<byte[]> frames = new ArrayList<>();
        for (int times = chance.oneIn(6) ? chance.between(2, 12) : 1; times > 0; times--) {
            frames.add(frame);
        }
        return frames;
    }

    byte[] settings() {
        return switch (chance.below(6)) {
            case 0 -> FrameBytes.settings();
            case 1 -> FrameBytes.settings(1, chance.oneIn(2) ? chance.below(200) : chance.below(1 << 16));
            case 2 -> FrameBytes.settings(4, chance.oneIn(3) ? chance.below(100) : chance.below(1 << 20));
            case 3 -> FrameBytes.settings(5, chance.of(16_384, 16_385, 65_536, (1 << 24) - 1));
            case 4 -> FrameBytes.settings(6, headerList(), 0x4242, chance.number());
            default -> FrameBytes.settings(4, 0, 1, 0, 5, 20_000);
        };
    }

    private long headerList() {
        return leastHeaderList + (chance.oneIn(2) ? chance.below(4000) : chance.number() >> 1);
    }

    /** DATA with these messages, cut anywhere, whose payload and padding are at most so much. */
    List<byte[]> data(int streamId, List<byte[]> messages, int budget, boolean endStream) {
        int size = messages.stream().mapToInt(message -> message.length).sum();
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] message : messages) {
            System.arraycopy(message, 0, all, at, message.length);
            at += message.length;
        }
        List<byte[]> data = new ArrayList<>();
        int left = budget - size;
        for (int start = 0; start < size; ) {
            int most = Math.min(size - start, 16_000);
            int length = chance.oneIn(2) ? most : 1 + chance.below(Math.min(most, 600));
            int padding = chance.oneIn(8) && left > 0 ? 1 + chance.below(Math.min(left, 256)) : 0;
            left -= padding;
            boolean last = endStream && start + length == size && !chance.oneIn(4);
            data.add(
                    FrameBytes.data(streamId, java.util.Arrays.copyOfRange(all, start, start + length), padding, last));
            start += length;
            if (last) {
                return data;
            }
        }
        if (endStream) {
            data.add(FrameBytes.data(streamId, new byte[0], 0, true));
        }
        return data;
    }

    /** Messages that together need no more than this; sometimes to the byte. */
    List<byte[]> messages(int budget, int maxMessage) {
        List<byte[]> messages = new ArrayList<>();
        int left = chance.oneIn(6) ? budget : Math.min(budget, 4000);
        for (int n = chance.below(6); n > 0 && left >= 5; n--) {
            int size = Math.min(Math.min(left - 5, maxMessage), chance.size(maxMessage));
            messages.add(FrameBytes.message(chance.bytes(size)));
            left -= 5 + size;
        }
        return messages;
    }

    /** More than fits any window. */
    List<byte[]> flood(int maxMessage) {
        byte[] message = FrameBytes.message(new byte[Math.min(maxMessage, 16_000)]);
        return java.util.Collections.nCopies(Math.min(300, 130_000 / message.length), message);
    }

    /** Some fields that are metadata, lawful or left out by whoever reads them. */
    List<String> metadata() {
        List<String> fields = new ArrayList<>();
        for (int n = chance.oneIn(2) ? 0 : chance.below(5); n > 0; n--) {
            fields.add(chance.of("x-a", "x-b", "x-long-name-of-a-field", "x-data-bin", "authorization", "user-agent"));
            fields.add(chance.oneIn(3) ? value() : "v".repeat(chance.below(60)) + chance.below(9));
        }
        return fields;
    }

    /** What RFC 9113 §8.2.1 lets a value be. */
    private String value() {
        return chance.text(30, "abc ,=%").replaceAll("[\0\r\n]", "x").trim();
    }

    /** A field list with one thing wrong. */
    List<String> spoiled(List<String> fields) {
        List<String> spoiled = new ArrayList<>(fields);
        int at = 2 * chance.below(fields.size() / 2);
        switch (chance.below(6)) {
            case 0 -> spoiled.subList(at, at + 2).clear();
            case 1 -> spoiled.addAll(List.copyOf(spoiled.subList(at, at + 2)));
            case 2 -> spoiled.set(at + 1, chance.text(20, "application/grpc+-;09HMSmun"));
            case 3 -> spoiled.set(at, chance.of("connection", ":status", ":strange", "Upper", "", "te", "host"));
            case 4 -> spoiled.addAll(0, List.of("x-early", "1"));
            default -> spoiled.addAll(List.of("x-big", "v".repeat(chance.below(40_000))));
        }
        return spoiled;
    }
}
