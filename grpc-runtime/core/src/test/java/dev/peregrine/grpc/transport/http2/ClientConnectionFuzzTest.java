// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.fuzz.Chance;
import dev.peregrine.grpc.fuzz.FrameBytes;
import dev.peregrine.grpc.fuzz.Fuzz;
import dev.peregrine.grpc.fuzz.QuietLog;
import dev.peregrine.grpc.fuzz.Script;
import dev.peregrine.grpc.fuzz.Tally;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.http2.FuzzStep.Move;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Whatever a server says, lawful, damaged or noise, and whatever the application does meanwhile: every call ends exactly
 * once, nothing is left of the connection, and what we said was lawful. The answers of a server that kept to the rules
 * were all heard.
 */
class ClientConnectionFuzzTest {

    private static final int ITERATIONS = 3000;

    private final Tally tally = new Tally();

    @Test
    void whateverAServerSaysTheClientKeepsItsPromises() {
        try (QuietLog log = new QuietLog()) {
            int played = Fuzz.run(ITERATIONS, ClientConnectionFuzzTest::script, FuzzOpening::isOptional, script -> {
                log.forget();
                new FuzzedClient(script.opening(), log, tally).play(script.steps());
            });
            tally.expect("connection ready", played, 1.5)
                    .expect("connection never ready", played, 40)
                    .expect("call processed", played, 1)
                    .expect("call unprocessed", played, 3)
                    .expect("call reset by the peer", played, 6)
                    .expect("call ended with OK", played, 6)
                    .expect("call ended with NOT_FOUND", played, 6)
                    .expect("call ended with INTERNAL", played, 6)
                    .expect("call ended with UNKNOWN", played, 10)
                    .expect("call ended with CANCELLED", played, 8)
                    .expect("call ended with DEADLINE_EXCEEDED", played, 40)
                    .expect("call ended with RESOURCE_EXHAUSTED", played, 12)
                    .expect("call ended with UNAVAILABLE", played, 2)
                    .expect("call ended with UNIMPLEMENTED", played, 300)
                    .expect("stream error 1", played, 40)
                    .expect("stream error 3", played, 300)
                    .expect("stream error 5", played, 250)
                    .expect("stream error 8", played, 3)
                    .expect("connection error 1", played, 10)
                    .expect("connection error 3", played, 1500)
                    .expect("connection error 6", played, 20)
                    .expect("connection error 9", played, 120)
                    .expect("connection error 11", played, 2000)
                    .expect("keep-alive PING", played, 400)
                    .expect("PING from us", played, 12)
                    .expect("windows widened", played, 150)
                    .expect("lawful conversation", played, 5);
        }
    }

    private static Script<FuzzOpening, FuzzStep> script(Chance chance) {
        FuzzOpening opening = FuzzOpening.random(chance);
        // Calls that are refused here for their metadata would leave answers to nothing.
        FuzzTalk talk = new FuzzTalk(chance, opening.manner() == FuzzOpening.Manner.LAWFUL ? 1 << 16 : 0);
        new ServersWords(chance, opening, talk).speak();
        switch (opening.manner()) {
            case LAWFUL -> {}
            case MUTATED -> talk.mutate(chance.oneIn(3) ? 0 : 1 + chance.below(3));
            case NOISE -> talk.turnIntoNoise();
        }
        return new Script<>(opening, talk.steps());
    }

    /** What a server says to calls that the script opens, one stream after the other. */
    private static final class ServersWords {

        private final Chance chance;
        private final FuzzOpening opening;
        private final FuzzTalk talk;
        private final FrameBytes frames = new FrameBytes();
        private final boolean lawful;
        private int budget = SendWindow.INITIAL;

        ServersWords(Chance chance, FuzzOpening opening, FuzzTalk talk) {
            this.chance = chance;
            this.opening = opening;
            this.talk = talk;
            this.lawful = opening.manner() == FuzzOpening.Manner.LAWFUL;
        }

        void speak() {
            while (chance.oneIn(4)) {
                talk.then(interlude());
            }
            talk.say(List.of(talk.settings()));
            if (!lawful && chance.oneIn(6)) {
                talk.say(List.of(FrameBytes.settings(3, chance.below(3))));
            }
            int calls = 1 + chance.below(6);
            List<Deque<Supplier<List<byte[]>>>> open = new ArrayList<>();
            int opened = 0;
            while (opened < calls || !open.isEmpty()) {
                if (opened < calls && (open.isEmpty() || chance.oneIn(3))) {
                    Move kind = chance.of(Move.OPEN_UNARY, Move.OPEN_STREAM);
                    if (lawful) { // A call that waits for the socket cannot be answered.
                        talk.then(new FuzzStep.Room(Integer.MAX_VALUE));
                    }
                    talk.then(new FuzzStep.Act(opened, kind, chance.size(20_000), chance.oneIn(3)));
                    open.add(answer(2 * opened++ + 1));
                }
                Deque<Supplier<List<byte[]>>> next = chance.of(open);
                talk.say(next.remove().get());
                if (next.isEmpty()) {
                    open.remove(next);
                }
                if (chance.oneIn(3)) {
                    talk.say(talk.aside(2 * opened - 1));
                }
                if (!lawful && chance.oneIn(30)) {
                    talk.say(talk.offence(2 * opened - 1));
                }
                while (chance.oneIn(2)) {
                    talk.then(interlude());
                }
            }
            if (chance.oneIn(5)) {
                long code = chance.oneIn(2) ? 0 : chance.number();
                talk.say(List.of(FrameBytes.goAway(2 * opened - 1, code, chance.bytes(chance.below(20)))));
            }
        }

        /** One answer, frame by frame; header blocks are made when they are sent, for the compression's sake. */
        private Deque<Supplier<List<byte[]>>> answer(int id) {
            Deque<Supplier<List<byte[]>>> words = new ArrayDeque<>();
            if (chance.oneIn(8)) {
                words.add(() -> frames.headers(
                        chance,
                        id,
                        List.of(":status", "200", "content-type", "application/grpc", "grpc-status", "5"),
                        true));
                return words;
            }
            Limits limits = opening.limits();
            boolean greedy = !lawful && chance.oneIn(8);
            int most = Math.min(Math.min(ConnectionWindows.ofStreams(limits), SendWindow.INITIAL), budget);
            List<byte[]> messages = talk.messages(most, limits.maxMessageSize());
            if (greedy) {
                messages = talk.flood(limits.maxMessageSize());
            } else if (!lawful && chance.oneIn(12)) {
                messages = List.of(FrameBytes.message(chance.bytes(limits.maxMessageSize() + 1)));
            }
            if (chance.oneIn(10)) {
                words.add(() -> frames.headers(chance, id, List.of(":status", "103", "link", "x"), false));
            }
            words.add(() -> frames.headers(chance, id, response(), false));
            for (byte[] frame : talk.data(id, messages, most, false)) {
                budget -= frame.length - FrameBytes.HEADER;
                words.add(() -> List.of(frame));
            }
            words.add(() -> frames.headers(chance, id, trailers(), true));
            if (chance.oneIn(6)) { // The server gives up, at whatever moment, or wants no more of the request.
                int kept = 1 + chance.below(words.size());
                while (words.size() > kept) {
                    words.removeLast();
                }
                words.add(() -> List.of(FrameBytes.rstStream(id, chance.oneIn(2) ? 0 : chance.number())));
            }
            return words;
        }

        private List<String> response() {
            List<String> fields = new ArrayList<>(List.of(
                    ":status",
                    lawful || !chance.oneIn(20) ? "200" : chance.of("404", "503", "999", "2x", ""),
                    "content-type",
                    lawful || !chance.oneIn(20) ? "application/grpc" : "text/html"));
            fields.addAll(talk.metadata());
            return !lawful && chance.oneIn(10) ? talk.spoiled(fields) : fields;
        }

        private List<String> trailers() {
            List<String> fields = new ArrayList<>(
                    List.of("grpc-status", chance.of("0", "0", "5", "8", "16", "99"), "grpc-message", "%20%zz%"));
            fields.addAll(talk.metadata());
            return !lawful && chance.oneIn(10) ? talk.spoiled(fields) : fields;
        }

        private FuzzStep interlude() {
            if (chance.oneIn(10)) {
                return new FuzzStep.Pass(chance.oneIn(3) ? 1000 : chance.below(50));
            }
            if (chance.oneIn(10)) {
                return new FuzzStep.Answer();
            }
            if (chance.oneIn(10)) {
                return new FuzzStep.Room(chance.oneIn(2) ? Integer.MAX_VALUE : chance.below(3000));
            }
            if (!lawful && chance.oneIn(40)) {
                return chance.of(
                        new FuzzStep.Break(),
                        new FuzzStep.Lose(),
                        new FuzzStep.Pass(15_000),
                        new FuzzStep.Pass(40_000));
            }
            boolean far = chance.oneIn(3);
            if (!lawful && chance.oneIn(40)) {
                return new FuzzStep.Act(0, chance.of(Move.SHUTDOWN, Move.SHUTDOWN, Move.SHUTDOWN_NOW), 0, far);
            }
            return new FuzzStep.Act(chance.below(6), FuzzedClient.move(chance), chance.size(20_000), far);
        }
    }
}
