// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.FuzzRun.require;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.fuzz.Chance;
import dev.peregrine.grpc.fuzz.FrameBytes;
import dev.peregrine.grpc.fuzz.QuietLog;
import dev.peregrine.grpc.fuzz.Tally;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientConnection;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ConnectionListener;
import dev.peregrine.grpc.transport.KeepAlive;
import dev.peregrine.grpc.transport.Resend;
import dev.peregrine.grpc.transport.http2.FuzzStep.Move;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client's end of a connection, with an application above it that does anything it may at any time. */
final class FuzzedClient implements FuzzRun.App, ConnectionListener {

    private static final int MAX_WRITES = 30;

    /** Calls may be answered by making others; this many at most. */
    private static final int MAX_CALLS = 12;

    private final FuzzOpening opening;
    private final Tally tally;
    private final FuzzRun run;
    private final List<Call> calls = new ArrayList<>();
    private final boolean lawful;
    private @Nullable ClientConnection connection;
    private int timesReady;
    private int timesDraining;
    private int timesClosed;
    private long written;

    FuzzedClient(FuzzOpening opening, QuietLog log, Tally tally) {
        this.opening = opening;
        this.tally = tally;
        this.lawful = opening.manner() == FuzzOpening.Manner.LAWFUL;
        ConnectOptions options = ConnectOptions.of("fuzz")
                .withLimits(opening.limits())
                .withIdleTimeout(opening.policy().maxIdle())
                .withAcceptEncoding(opening.behaviour() % 2 == 0 ? "gzip" : null);
        KeepAlivePace pace =
                new KeepAlivePace(lawful ? KeepAlive.OFF : opening.policy().keepAlive());
        this.run = new FuzzRun(
                false, opening.limits(), log, this, created -> new ClientRole(created, options, pace, this));
    }

    void play(List<FuzzStep> steps) throws Exception {
        run.play(steps);
        if (lawful) {
            settle();
            requireAllHeard();
            tally.count("lawful conversation");
        }
        run.end();
        for (int call = 0; call < calls.size(); call++) { // What came whole may still be read.
            run.play(List.of(new FuzzStep.Act(call, Move.REQUEST_ALL, 0, call % 2 == 0)));
        }
        calls.forEach(Call::requireOver);
        require(timesClosed == 1, "the connection's end was told " + timesClosed + " times");
        run.requireNothingLeft();
        count();
    }

    /** A move of a client's application. */
    static Move move(Chance chance) {
        return chance.of(
                Move.WRITE,
                Move.WRITE,
                Move.WRITE,
                Move.REQUEST,
                Move.REQUEST,
                Move.REQUEST_ALL,
                Move.HALF_CLOSE,
                chance.oneIn(3) ? Move.CANCEL : Move.REQUEST,
                chance.oneIn(6) ? Move.WRITE_BROKEN : Move.WRITE);
    }

    @Override
    public void act(Move move, int call, int size) {
        ClientConnection ready = connection;
        if (ready == null) {
            return;
        }
        switch (move) {
            case SHUTDOWN -> ready.shutdown();
            case SHUTDOWN_NOW -> ready.shutdownNow(Status.of(StatusCode.CANCELLED, "enough"));
            case OPEN_UNARY, OPEN_STREAM -> {
                if (calls.size() < MAX_CALLS) {
                    Call next = new Call(new Chance(opening.behaviour() + calls.size()));
                    calls.add(next);
                    next.open(ready, move == Move.OPEN_UNARY, size);
                }
            }
            default -> {
                if (!calls.isEmpty()) {
                    calls.get(call % calls.size()).act(move, size);
                }
            }
        }
    }

    @Override
    public long written() {
        return written;
    }

    // ---- the connection's listener ----

    @Override
    public void onReady(ClientConnection connection) {
        require(++timesReady == 1 && timesClosed == 0, "readiness was told twice, or after the end");
        this.connection = connection;
    }

    @Override
    public void onDraining() {
        require(++timesDraining == 1 && timesClosed == 0, "draining was told twice, or after the end");
    }

    @Override
    public void onClosed(Status why) {
        require(++timesClosed == 1, "the end was told twice");
        require(!why.isOk(), "an end that is OK");
    }

    // ---- the end of a lawful conversation ----

    private void settle() throws Exception {
        run.play(List.of(
                new FuzzStep.Room(Integer.MAX_VALUE),
                new FuzzStep.Receive(FrameBytes.settings(4, 1 << 24), false),
                new FuzzStep.Receive(FrameBytes.windowUpdate(0, 1 << 24), false)));
        for (int call = 0; call < calls.size(); call++) {
            run.play(List.of(
                    new FuzzStep.Act(call, Move.REQUEST_ALL, 0, false),
                    new FuzzStep.Act(call, Move.HALF_CLOSE, 0, true)));
        }
    }

    private void requireAllHeard() {
        FuzzWitness witness = run.witness;
        require(
                witness.goAways().stream().allMatch(code -> code == 0),
                "GOAWAY to a lawful server: " + witness.lastWords());
        require(run.connection.openStreams() == 0, "calls that a lawful server answered are open");
        for (Call call : calls) {
            FuzzWitness.Line line = witness.line(call.id());
            require(!line.reset || line.resetCode == 8, "a lawful server's stream was reset with " + line.resetCode);
            if (!call.cancelled && line.peerEnded) {
                require(call.status != null && call.status.code() != StatusCode.INTERNAL, "heard " + call.status);
                require(
                        call.got.size() == line.peerBody.size(),
                        line.peerBody.size() + " bytes came, " + call.got.size() + " were delivered");
            }
        }
        require(
                run.connection.windows().unread() == 0,
                run.connection.windows().unread() + " bytes of the window are not back");
        if (timesDraining > 0) {
            return; // It may be gone, and has heard no more of the windows.
        }
        for (Call call : calls) {
            FuzzWitness.Line line = witness.line(call.id());
            require(
                    line.reset || line.peerReset || (line.ended && line.body.size() == call.sent.size()),
                    "a request has not ended, or of " + call.sent.size() + " bytes " + line.body.size() + " were sent");
        }
        require(
                run.connection.sendWindow().available() == witness.windows().left(),
                "the send window is " + run.connection.sendWindow().available() + ", and should be "
                        + witness.windows().left());
        long window = witness.windows().ofConnection();
        require(
                witness.windows().leftForPeer() > window - window / 2 - 1,
                "the server has " + witness.windows().leftForPeer() + " bytes left of a window of " + window);
    }

    private void count() {
        FuzzWitness witness = run.witness;
        tally.count(timesReady == 0 ? "connection never ready" : "connection ready");
        if (timesDraining > 0) {
            tally.count("connection drained");
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
        witness.goAways().forEach(code -> tally.count("connection error " + code));
        for (FuzzWitness.Line line : witness.lines().values()) {
            if (line.reset) {
                tally.count("stream error " + line.resetCode);
            }
            if (line.peerReset) {
                tally.count("call reset by the peer");
            }
        }
        for (Call call : calls) {
            Status status = call.status;
            if (status != null) {
                tally.count("call ended with " + status.code());
            }
            tally.count(call.unprocessed ? "call unprocessed" : "call processed");
        }
    }

    /** A call as its caller sees it. */
    private final class Call implements ClientStreamListener {

        private final Chance chance;
        private final FuzzMessages got = new FuzzMessages();
        private final FuzzMessages sent = new FuzzMessages();
        private @Nullable ClientCallStream stream;
        private long demand;
        private int writes;
        private boolean halfClosed;
        private boolean cancelled;
        private boolean headers;
        private int timesClosed;
        private @Nullable Status status;
        private boolean unprocessed;

        Call(Chance chance) {
            this.chance = chance;
        }

        int id() {
            return stream == null ? 0 : stream.id();
        }

        void open(ClientConnection on, boolean unary, int size) {
            boolean broken = chance.oneIn(30);
            Deadline deadline = lawful || !chance.oneIn(5)
                    ? null
                    : Deadline.afterNanos(chance.between(-1_000_000, 50_000_000), run.socket::nanos);
            CallHead head = new CallHead(
                    "/test.Texts/Chat", "fuzz.test", deadline, metadata(), chance.oneIn(3) ? "gzip" : null);
            halfClosed = unary;
            cancelled = unary && broken;
            int first = chance.below(3);
            demand = first;
            written += unary ? size : 0;
            stream = (ClientCallStream)
                    on.open(head, !unary ? null : broken ? sent.nextBroken(size) : sent.next(size), first, this);
        }

        void act(Move move, int size) {
            ClientCallStream open = stream;
            if (open == null) {
                return; // It ends while it is being opened.
            }
            switch (move) {
                case REQUEST -> request(open, 1 + size % 3);
                case REQUEST_ALL -> request(open, Integer.MAX_VALUE);
                case WRITE -> {
                    if (!halfClosed && writes++ < MAX_WRITES) {
                        written += size;
                        open.write(sent.next(size));
                    }
                }
                case WRITE_BROKEN -> {
                    if (!halfClosed) {
                        halfClosed = true;
                        cancelled = true;
                        written += size;
                        open.write(sent.nextBroken(size));
                    }
                }
                case HALF_CLOSE -> {
                    if (!halfClosed) {
                        halfClosed = true;
                        open.halfClose();
                    }
                }
                case CANCEL -> {
                    cancelled = true;
                    open.cancel(Status.of(StatusCode.CANCELLED, "no more"));
                }
                default -> {}
            }
        }

        private void request(ClientCallStream open, int messages) {
            demand += messages;
            open.request(messages);
        }

        private Metadata metadata() {
            Metadata.Builder metadata = Metadata.builder();
            for (int n = chance.oneIn(3) ? chance.below(4) : 0; n > 0; n--) {
                metadata.addText("x-" + chance.below(3), "v".repeat(chance.size(9000)));
            }
            return metadata.build();
        }

        private void react() {
            for (int moves = chance.oneIn(3) ? 1 + chance.below(2) : 0; moves > 0; moves--) {
                act(move(chance), chance.size(20_000));
            }
        }

        @Override
        public void onHeaders(Metadata metadata) {
            requireOpen("headers");
            require(!headers && got.size() == 0, "headers were told late or twice");
            headers = true;
            metadata.names();
            react();
        }

        @Override
        public void onMessage(ByteBuf message, boolean compressed) {
            requireOpen("a message");
            require(headers, "a message before the headers");
            require(--demand >= 0, "a message that nobody asked for");
            require(
                    message.readableBytes() <= opening.limits().maxMessageSize(),
                    "a message of " + message.readableBytes() + " bytes");
            got.received(message, compressed);
            react();
        }

        @Override
        public void onReady() {
            requireOpen("readiness");
            react();
        }

        @Override
        public void onClosed(Status status, Metadata trailers, Resend resend) {
            requireOpen("the end");
            timesClosed++;
            this.status = status;
            this.unprocessed = resend != Resend.NEVER;
            trailers.names();
            require(!unprocessed || (!status.isOk() && !headers), "a call that the server answered was never seen");
            act(move(chance), 100); // News crosses.
            if (!lawful && chance.oneIn(10)) {
                FuzzedClient.this.act(chance.of(Move.OPEN_UNARY, Move.OPEN_STREAM), 0, 100);
            }
        }

        private void requireOpen(String what) {
            require(run.socket.eventLoop().inEventLoop(), what + " was told by another thread");
            require(timesClosed == 0, what + " was told after the end");
        }

        void requireOver() {
            require(timesClosed == 1, "the end of call " + id() + " was told " + timesClosed + " times");
            if (id() != 0) {
                FuzzWitness.Line line = run.witness.line(id());
                require(
                        FuzzRun.isBeginning(line.body.toByteArray(), sent.bytes()),
                        "other bytes were sent than written");
                require(
                        FuzzRun.isBeginning(got.bytes(), line.peerBody.toByteArray()),
                        "other bytes were heard than came");
            }
        }
    }
}
