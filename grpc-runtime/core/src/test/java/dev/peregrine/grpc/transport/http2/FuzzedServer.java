// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.FuzzRun.require;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.fuzz.Chance;
import dev.peregrine.grpc.fuzz.FrameBytes;
import dev.peregrine.grpc.fuzz.QuietLog;
import dev.peregrine.grpc.fuzz.Tally;
import dev.peregrine.grpc.transport.ServerStream;
import dev.peregrine.grpc.transport.ServerStreamListener;
import dev.peregrine.grpc.transport.http2.FuzzStep.Move;
import dev.peregrine.grpc.wire.RequestHead;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server's end of a connection, with an application above it that does anything it may at any time. */
final class FuzzedServer implements FuzzRun.App {

    /** What one call may write in all, so that calls that answer every event with another come to an end. */
    private static final int MAX_WRITES = 30;

    private final FuzzOpening opening;
    private final Tally tally;
    private final FuzzRun run;
    private final List<Call> calls = new ArrayList<>();
    private ServerRole role;
    private int timesClosed;
    private long written;

    FuzzedServer(FuzzOpening opening, QuietLog log, Tally tally) {
        this.opening = opening;
        this.tally = tally;
        this.run = new FuzzRun(true, opening.limits(), log, this, connection -> {
            role = new ServerRole(connection, opening.policy(), this::accept, closed -> timesClosed++);
            return role;
        });
    }

    void play(List<FuzzStep> steps) throws Exception {
        run.play(steps);
        if (opening.manner() == FuzzOpening.Manner.LAWFUL) {
            settle();
            requireAllAnswered();
        }
        run.end();
        calls.forEach(Call::requireOver);
        require(timesClosed == 1, "the connection's end was told " + timesClosed + " times");
        run.requireNothingLeft();
        count();
    }

    /** A move of a server's application. */
    static Move move(Chance chance) {
        return chance.of(
                Move.REPLY,
                Move.HEADERS,
                Move.WRITE,
                Move.WRITE,
                Move.WRITE,
                Move.WRITE,
                Move.REQUEST,
                Move.REQUEST,
                Move.REQUEST_ALL,
                Move.END,
                Move.END,
                Move.FAIL,
                chance.oneIn(6) ? Move.WRITE_BROKEN : Move.REQUEST);
    }

    @Override
    public void act(Move move, int call, int size) {
        if (move == Move.SHUTDOWN || move == Move.SHUTDOWN_NOW) {
            run.connection.post(new Mailbox.Letter() {
                @Override
                void open() {
                    if (move == Move.SHUTDOWN) {
                        role.drain("enough");
                    } else {
                        role.shutdownNow("enough");
                    }
                }
            });
            return;
        }
        if (!calls.isEmpty()) {
            calls.get(call % calls.size()).act(move, size);
        }
    }

    @Override
    public long written() {
        return written;
    }

    private ServerStreamListener accept(RequestHead head, ServerStream stream) {
        head.metadata().forEach(new Metadata.Visitor() {
            @Override
            public void text(String name, String value) {
                require(!name.endsWith("-bin") && value != null, "text under " + name);
            }

            @Override
            public void binary(String name, byte[] value) {
                require(name.endsWith("-bin"), "bytes under " + name);
            }
        });
        tally.count("call accepted");
        Call call = new Call((ServerCallStream) stream, new Chance(opening.behaviour() + calls.size()));
        calls.add(call);
        call.react();
        return call;
    }

    // ---- the end of a lawful conversation ----

    /** The client opens all windows, the application takes and answers everything. */
    private void settle() throws Exception {
        run.play(List.of(
                new FuzzStep.Room(Integer.MAX_VALUE),
                new FuzzStep.Receive(FrameBytes.settings(4, 1 << 24), false),
                new FuzzStep.Receive(FrameBytes.windowUpdate(0, 1 << 24), false)));
        for (int call = 0; call < calls.size(); call++) {
            run.play(List.of(
                    new FuzzStep.Act(call, Move.REQUEST_ALL, 0, false), new FuzzStep.Act(call, Move.END, 0, true)));
        }
    }

    private void requireAllAnswered() {
        FuzzWitness witness = run.witness;
        require(witness.goAways().isEmpty(), "GOAWAY to a lawful client: " + witness.lastWords());
        require(run.connection.openStreams() == 0, "calls of a lawful client are left unanswered");
        for (Call call : calls) {
            FuzzWitness.Line line = witness.line(call.stream.id());
            boolean refusedMessage = call.failure != null && call.failure.code() == StatusCode.INTERNAL && call.broke;
            boolean tooMuchMetadata =
                    call.failure != null && call.failure.code() == StatusCode.RESOURCE_EXHAUSTED && witness.isChoosy();
            require(
                    call.failure == null || line.peerReset || refusedMessage || tooMuchMetadata,
                    "a call of a lawful client ended with " + call.failure);
            require(!line.reset || line.resetCode == 0, "a lawful client's stream was reset with " + line.resetCode);
            if (call.failure == null) {
                require(line.ended, "the end was told but not sent");
                require(
                        call.sent.size() == line.body.size(),
                        call.sent.size() + " bytes were written, " + line.body.size() + " arrived");
            }
            if (call.halfClosed) {
                require(
                        call.got.size() == line.peerBody.size(),
                        line.peerBody.size() + " bytes came, " + call.got.size() + " were delivered");
            }
        }
        require(
                run.connection.windows().unread() == 0,
                run.connection.windows().unread() + " bytes of the window are not back");
        require(
                run.connection.sendWindow().available() == witness.windows().left(),
                "the send window is " + run.connection.sendWindow().available() + ", and should be "
                        + witness.windows().left());
        long window = witness.windows().ofConnection();
        require(
                witness.windows().leftForPeer() > window - window / 2 - 1,
                "the client has " + witness.windows().leftForPeer() + " bytes left of a window of " + window);
        tally.count("lawful conversation");
    }

    private void count() {
        FuzzWitness witness = run.witness;
        if (!witness.lines().isEmpty() && witness.goAways().isEmpty()) {
            tally.count("connection answered");
        }
        if (witness.pings().ofUs() > 0) {
            tally.count("PING from us");
        }
        if (witness.pings().keepAlive() > 0) {
            tally.count("keep-alive PING");
        }
        if (witness.windows().widenings() > 0) {
            tally.count("windows widened");
        }
        if (witness.answeredInHttp1()) {
            tally.count("answered in HTTP/1");
        }
        witness.goAways().forEach(code -> tally.count(code == 0 ? "connection drained" : "connection error " + code));
        for (FuzzWitness.Line line : witness.lines().values()) {
            if (line.reset && line.resetCode != 0) {
                tally.count("stream error " + line.resetCode);
            }
            if (line.peerReset) {
                tally.count("call reset by the peer");
            }
            if (line.httpStatus != null && !line.httpStatus.equals("200")) {
                tally.count("request refused: " + line.httpStatus);
            }
        }
        for (Call call : calls) {
            if (call.failure == null) {
                tally.count(call.ok ? "call answered" : "call failed by our application");
            } else if (call.failure.code() == StatusCode.RESOURCE_EXHAUSTED) {
                tally.count("message larger than allowed");
            } else if (call.failure.code() == StatusCode.DEADLINE_EXCEEDED) {
                tally.count("deadline passed");
            }
            if (call.wasUnready) {
                tally.count("socket full");
            }
        }
    }

    /** A call as its handler sees it. */
    private final class Call implements ServerStreamListener {

        private final ServerCallStream stream;
        private final Chance chance;
        private final FuzzMessages got = new FuzzMessages();
        private final FuzzMessages sent = new FuzzMessages();
        private long demand;
        private int writes;
        private boolean headers;
        private boolean ended;
        private boolean ok;
        private boolean broke;
        private boolean halfClosed;
        private boolean wasUnready;
        private int timesClosed;
        private @Nullable Status failure;
        private @Nullable Runnable whenFree;

        Call(ServerCallStream stream, Chance chance) {
            this.stream = stream;
            this.chance = chance;
        }

        void act(Move move, int size) {
            free();
            switch (move) {
                case REQUEST -> request(1 + size % 3);
                case REQUEST_ALL -> request(Integer.MAX_VALUE);
                case REPLY -> {
                    if (!ended && !headers) {
                        headers = true;
                        ended = true;
                        ok = true;
                        written += size;
                        stream.reply(metadata(), sent.next(size), metadata());
                    }
                }
                case HEADERS -> headers();
                case WRITE -> {
                    headers();
                    if (!ended && writes++ < MAX_WRITES) {
                        written += size;
                        stream.write(sent.next(size));
                        wasUnready |= !stream.isReady();
                    }
                }
                case WRITE_BROKEN -> {
                    headers();
                    if (!ended) {
                        ended = true;
                        broke = true;
                        written += size;
                        stream.write(sent.nextBroken(size));
                    }
                }
                case END -> {
                    headers();
                    end(Status.OK);
                }
                case FAIL -> end(Status.of(chance.of(StatusCode.values()), chance.text(300, "why %\u00e9")));
                default -> {}
            }
        }

        private void headers() {
            if (!headers && !ended) {
                headers = true;
                if (chance.oneIn(3)) {
                    stream.encodings(chance.of("gzip", null), "identity,gzip");
                }
                stream.headers(metadata());
            }
        }

        private void end(Status status) {
            if (!ended) {
                ended = true;
                ok = status.isOk();
                stream.end(status, metadata());
            }
        }

        private void request(int messages) {
            demand += messages;
            stream.request(messages);
        }

        private Metadata metadata() {
            Metadata.Builder metadata = Metadata.builder();
            for (int n = chance.oneIn(3) ? chance.below(4) : 0; n > 0; n--) {
                if (chance.oneIn(3)) {
                    metadata.addBinary("x-" + chance.below(3) + "-bin", chance.bytes(chance.size(2000)));
                } else {
                    metadata.addText("x-" + chance.below(3), "v".repeat(chance.size(9000)));
                }
            }
            return metadata.build();
        }

        void react() {
            for (int moves = chance.oneIn(3) ? 1 + chance.below(2) : 0; moves > 0; moves--) {
                act(move(chance), chance.size(20_000));
            }
        }

        @Override
        public void onMessage(ByteBuf message, boolean compressed) {
            requireOpen("a message");
            require(--demand >= 0, "a message that nobody asked for");
            require(!halfClosed, "a message after the last one");
            require(
                    message.readableBytes() <= opening.limits().maxMessageSize(),
                    "a message of " + message.readableBytes() + " bytes");
            got.received(message, compressed);
            react();
        }

        @Override
        public void onHalfClosed() {
            requireOpen("a half-close");
            require(!halfClosed, "a second half-close");
            halfClosed = true;
            react();
        }

        @Override
        public void onReady() {
            requireOpen("readiness");
            react();
        }

        @Override
        public void onClosed(@Nullable Status failure) {
            requireOpen("the end");
            timesClosed++;
            this.failure = failure;
            require(failure == null || !failure.isOk(), "a failure that is OK");
            require(failure != null || ended, "success before the answer");
            act(chance.of(Move.values()), 100); // News crosses.
        }

        @Override
        public boolean isStillBusy(Runnable whenFree) {
            require(timesClosed == 1, "the end is not told yet, or twice");
            if (chance.oneIn(3)) {
                this.whenFree = whenFree;
            }
            return this.whenFree != null;
        }

        private void free() {
            Runnable told = whenFree;
            whenFree = null;
            if (told != null) {
                told.run();
            }
        }

        private void requireOpen(String what) {
            require(stream.connection.loop().inEventLoop(), what + " was told by another thread");
            require(timesClosed == 0, what + " was told after the end");
        }

        void requireOver() {
            require(timesClosed == 1, "the end of call " + stream.id() + " was told " + timesClosed + " times");
            FuzzWitness.Line line = run.witness.line(stream.id());
            require(FuzzRun.isBeginning(line.body.toByteArray(), sent.bytes()), "other bytes were sent than written");
            require(FuzzRun.isBeginning(got.bytes(), line.peerBody.toByteArray()), "other bytes were heard than came");
        }
    }
}
