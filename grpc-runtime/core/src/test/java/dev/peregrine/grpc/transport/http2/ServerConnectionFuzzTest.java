// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.fuzz.Chance;
import dev.peregrine.grpc.fuzz.FrameBytes;
import dev.peregrine.grpc.fuzz.Fuzz;
import dev.peregrine.grpc.fuzz.QuietLog;
import dev.peregrine.grpc.fuzz.Script;
import dev.peregrine.grpc.fuzz.Tally;
import dev.peregrine.grpc.transport.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Whatever a client says, lawful, damaged or noise, and whatever the application does meanwhile: every call ends exactly
 * once, nothing is left of the connection, and what we said was lawful. A client that kept to the rules got all answers.
 */
class ServerConnectionFuzzTest {

    private static final int ITERATIONS = 3000;

    private final Tally tally = new Tally();

    @Test
    void whateverAClientSaysTheServerKeepsItsPromises() {
        try (QuietLog log = new QuietLog("a response could not be encoded")) {
            int played = Fuzz.run(ITERATIONS, ServerConnectionFuzzTest::script, FuzzOpening::isOptional, script -> {
                log.forget();
                new FuzzedServer(script.opening(), log, tally).play(script.steps());
            });
            tally.expect("connection answered", played, 4)
                    .expect("call accepted", played, 1)
                    .expect("call answered", played, 2)
                    .expect("call failed by our application", played, 8)
                    .expect("call reset by the peer", played, 5)
                    .expect("request refused: 405", played, 1500)
                    .expect("request refused: 415", played, 300)
                    .expect("request refused: 431", played, 50)
                    .expect("stream error 1", played, 50)
                    .expect("stream error 3", played, 500)
                    .expect("stream error 5", played, 300)
                    .expect("stream error 7", played, 30)
                    .expect("connection error 1", played, 10)
                    .expect("connection error 3", played, 1500)
                    .expect("connection error 6", played, 20)
                    .expect("connection error 9", played, 100)
                    .expect("connection error 11", played, 100)
                    .expect("connection drained", played, 50)
                    .expect("answered in HTTP/1", played, 150)
                    .expect("message larger than allowed", played, 60)
                    .expect("deadline passed", played, 60)
                    .expect("socket full", played, 12)
                    .expect("keep-alive PING", played, 400)
                    .expect("PING from us", played, 12)
                    .expect("windows widened", played, 150)
                    .expect("lawful conversation", played, 5);
        }
    }

    private static Script<FuzzOpening, FuzzStep> script(Chance chance) {
        FuzzOpening opening = FuzzOpening.random(chance);
        FuzzTalk talk = new FuzzTalk(chance);
        new ClientsWords(chance, opening, talk).speak();
        switch (opening.manner()) {
            case LAWFUL -> {}
            case MUTATED -> talk.mutate(chance.oneIn(3) ? 0 : 1 + chance.below(3));
            case NOISE -> talk.turnIntoNoise();
        }
        return new Script<>(opening, talk.steps());
    }

    /** What a client says, lawful but for requests that are none where the rules are to be broken. */
    private static final class ClientsWords {

        private final Chance chance;
        private final FuzzOpening opening;
        private final FuzzTalk talk;
        private final FrameBytes frames = new FrameBytes();
        private final boolean lawful;
        private int budget = SendWindow.INITIAL;

        ClientsWords(Chance chance, FuzzOpening opening, FuzzTalk talk) {
            this.chance = chance;
            this.opening = opening;
            this.talk = talk;
            this.lawful = opening.manner() == FuzzOpening.Manner.LAWFUL;
        }

        void speak() {
            talk.say(List.of(Preface.CLIENT.clone(), talk.settings()));
            int calls = 1 + chance.below(6);
            List<Deque<Supplier<List<byte[]>>>> open = new ArrayList<>();
            int opened = 0;
            while (opened < calls || !open.isEmpty()) {
                boolean toOpen = opened < calls && (open.isEmpty() || chance.oneIn(3));
                Deque<Supplier<List<byte[]>>> next = toOpen ? call(2 * opened++ + 1) : chance.of(open);
                if (toOpen) { // With its first word: streams are opened in order.
                    open.add(next);
                }
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
        }

        /** One call, frame by frame; header blocks are made when they are sent, for the compression's sake. */
        private Deque<Supplier<List<byte[]>>> call(int id) {
            Deque<Supplier<List<byte[]>>> words = new ArrayDeque<>();
            Limits limits = opening.limits();
            boolean greedy = !lawful && chance.oneIn(8);
            int most = Math.min(Math.min(ConnectionWindows.ofStreams(limits), SendWindow.INITIAL), budget);
            boolean headersOnly = chance.oneIn(10);
            List<byte[]> messages = headersOnly ? List.of() : talk.messages(most, limits.maxMessageSize());
            if (greedy) {
                messages = talk.flood(limits.maxMessageSize());
            } else if (!lawful && chance.oneIn(12)) {
                messages = List.of(FrameBytes.message(chance.bytes(limits.maxMessageSize() + 1)));
            }
            boolean trailers = chance.oneIn(8);
            List<byte[]> data = headersOnly ? List.of() : talk.data(id, messages, most, !trailers);
            for (byte[] frame : data) {
                budget -= frame.length - FrameBytes.HEADER;
            }
            words.add(() -> frames.headers(chance, id, request(), headersOnly));
            data.forEach(frame -> words.add(() -> List.of(frame)));
            if (trailers && !headersOnly) {
                words.add(() -> frames.headers(chance, id, List.of("x-trailer", "1"), true));
            }
            if (chance.oneIn(6)) { // The client gives up, at whatever moment.
                int kept = 1 + chance.below(words.size());
                while (words.size() > kept) {
                    words.removeLast();
                }
                words.add(() -> List.of(FrameBytes.rstStream(id, chance.oneIn(2) ? 8 : chance.number())));
            }
            return words;
        }

        private List<String> request() {
            List<String> fields = new ArrayList<>(List.of(
                    ":method",
                    "POST",
                    ":scheme",
                    "http",
                    ":path",
                    "/test.Texts/" + chance.of("Chat", "Unary", "Watch"),
                    ":authority",
                    "fuzz.test",
                    "te",
                    "trailers",
                    "content-type",
                    chance.of("application/grpc", "application/grpc+proto")));
            if (!lawful && chance.oneIn(6)) {
                fields.addAll(List.of("grpc-timeout", chance.of("1m", "20m", "3S", "99999999H", "0n")));
            }
            fields.addAll(talk.metadata());
            return !lawful && chance.oneIn(8) ? talk.spoiled(fields) : fields;
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
                return new FuzzStep.Act(
                        0,
                        chance.of(FuzzStep.Move.SHUTDOWN, FuzzStep.Move.SHUTDOWN, FuzzStep.Move.SHUTDOWN_NOW),
                        0,
                        far);
            }
            return new FuzzStep.Act(chance.below(6), FuzzedServer.move(chance), chance.size(20_000), far);
        }
    }
}
