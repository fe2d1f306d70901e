// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.fuzz.QuietLog;
import dev.peregrine.grpc.transport.Limits;
import java.util.List;
import java.util.function.Function;

/** One connection on a {@link FuzzedSocket}, played through a script, with its promises checked after every step. */
final class FuzzRun {

    /** What the application at our end does. */
    interface App {
        void act(FuzzStep.Move move, int call, int size);

        /** How many bytes it has handed over to be sent. */
        long written();
    }

    /** Longer than anything a connection schedules for after its end. */
    private static final long LONG_AFTER_MILLIS = 60_000;

    /** What a connection may need though nothing much has come: tables, a batch, a reader's buffers. */
    private static final long FIXED_MEMORY = 256 << 10;

    final FuzzedSocket socket;
    final FuzzWitness witness;
    final Connection connection;
    private final QuietLog log;
    private final App app;
    private long received;
    private boolean batchOpen;
    private AssertionError accusation;

    FuzzRun(boolean server, Limits limits, QuietLog log, App app, Function<Connection, Role> role) {
        this.log = log;
        this.app = app;
        this.witness = new FuzzWitness(server, limits);
        this.socket = new FuzzedSocket(bytes -> {
            try {
                witness.weSay(bytes);
            } catch (AssertionError accused) { // Not into the channel, which would take it for a socket's failure.
                accusation = accusation == null ? accused : accusation;
            }
        });
        this.connection = new Connection(socket, limits, server, socket.clock(), role);
        socket.connect(connection);
    }

    void play(List<FuzzStep> steps) throws Exception {
        for (FuzzStep step : steps) {
            play(step);
        }
        endBatch();
        socket.work();
    }

    private void play(FuzzStep step) throws Exception {
        if (step instanceof FuzzStep.Receive receive) {
            receive(receive.bytes());
            batchOpen = receive.more();
            if (!batchOpen) {
                socket.bringsNoMore();
            }
        } else {
            endBatch();
            if (step instanceof FuzzStep.Act act) {
                Runnable action = () -> app.act(act.move(), act.call(), act.size());
                if (act.far()) {
                    FuzzedSocket.farAway(action);
                } else {
                    action.run();
                }
            } else if (step instanceof FuzzStep.Pass pass) {
                socket.passTime(pass.millis());
            } else if (step instanceof FuzzStep.Room room) {
                socket.room(room.bytes());
            } else if (step instanceof FuzzStep.Answer) {
                for (byte[] answer : witness.answersDue()) {
                    receive(answer);
                }
                socket.bringsNoMore();
            } else if (step instanceof FuzzStep.Break) {
                socket.break_();
            } else if (step instanceof FuzzStep.Lose) {
                socket.lose();
            }
        }
        boolean busy = step instanceof FuzzStep.Act act && act.size() % 4 == 0 && !act.opens();
        if (!batchOpen && !busy) { // A socket that is read does not let go of its loop meanwhile.
            socket.work();
            requireOffendersAccused();
        }
        check();
    }

    private void receive(byte[] bytes) {
        received += bytes.length;
        witness.peerSays(bytes);
        socket.bring(bytes);
    }

    private void endBatch() {
        if (batchOpen) {
            batchOpen = false;
            socket.bringsNoMore();
            socket.work();
        }
    }

    /** A window that is overrun, or overflows, ends the connection. */
    private void requireOffendersAccused() {
        boolean unaccused = socket.takesAll() && witness.goAways().isEmpty() && !witness.answeredInHttp1();
        require(
                !unaccused || witness.windows().leftForPeer() >= 0,
                "the peer overran the connection's window by "
                        + -witness.windows().leftForPeer() + " bytes");
        require(
                !unaccused || witness.windows().left() <= Integer.MAX_VALUE,
                "the peer made the connection's window " + witness.windows().left() + " bytes");
        require(!connection.undelivered().isOverdrawn(), "more lies undelivered than the limit allows");
    }

    private void check() {
        socket.requireNothingUnhandled();
        log.requireSilence();
        if (accusation != null) {
            throw accusation;
        }
        long bound = FIXED_MEMORY + 3 * (received + app.written());
        if (socket.usedMemory() > bound) {
            throw new AssertionError(socket.usedMemory() + " bytes are held, " + received + " came and " + app.written()
                    + " were written (expected: at most " + bound + ")");
        }
    }

    /** Plays the end of every script: the socket is lost, and time passes. */
    void end() throws Exception {
        play(new FuzzStep.Room(Integer.MAX_VALUE));
        play(new FuzzStep.Lose());
        play(new FuzzStep.Pass(LONG_AFTER_MILLIS));
    }

    /** Nothing may be left of a connection whose calls have all ended. */
    void requireNothingLeft() {
        require(connection.openStreams() == 0, connection.openStreams() + " streams are left");
        require(!socket.hasTimers(), "timers are left");
        require(socket.usedMemory() == 0, socket.usedMemory() + " bytes of memory are left");
        boolean cutShort = witness.goAways().stream().anyMatch(code -> code != 0); // In the midst of a frame, perhaps.
        require(
                cutShort || connection.windows().unread() == 0,
                connection.windows().unread() + " bytes of the window are left");
        witness.close();
    }

    static void require(boolean kept, String otherwise) {
        if (!kept) {
            throw new AssertionError(otherwise);
        }
    }

    /** Whether the second begins with all of the first. */
    static boolean isBeginning(byte[] first, byte[] second) {
        return first.length <= second.length
                && java.util.Arrays.equals(first, 0, first.length, second, 0, first.length);
    }
}
