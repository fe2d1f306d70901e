// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One end of an HTTP/2 connection, played by the test: "we say, they say". {@link #connectTo} plays the client,
 * {@link Server#accept} the server. What it says is not checked, so lawless frames can be sent; what it hears is
 * checked against RFC 9113, and a breach fails the script.
 *
 * <p>Every {@code expect} waits for at most {@link #PATIENCE}. A failure is an {@link AssertionError} that ends with the
 * conversation so far.
 *
 * <p><b>Which frame is "next".</b> SETTINGS, PING and WINDOW_UPDATE are <i>background</i>: they run beside the script, are
 * passed over unless asked for by their class, and are then found wherever they stand. All others are in the
 * foreground, in the order of the wire: {@link #expect} takes the first of them, {@code expectHeaders(5)} and the like
 * the first one on that stream, leaving other streams alone. If that frame is not the expected one, the script fails at
 * once.
 *
 * <p>Reading starts with {@link #handshake} or the first {@code expect}: before that, nothing is read or answered.
 * From then on SETTINGS and PING are acknowledged and DATA is given its credit back without the script, unless
 * switched off. Use from one thread.
 */
public final class ScriptedPeer implements AutoCloseable {

    /** Longest wait for anything: generous, because only a failing test waits that long. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Line line;
    private final Witness witness;
    private Frame.@Nullable Settings theirSettings;
    private long barriers;
    private boolean closed;

    ScriptedPeer(Socket socket, Role role, Latency latency) throws IOException {
        this.line = new Line(socket, role, latency);
        this.witness = new Witness(line);
    }

    /** Opens a connection as a client. Nothing is sent yet: see {@link #handshake} and {@link #sendPreface}. */
    public static ScriptedPeer connectTo(String host, int port) {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
            return asClient(socket);
        } catch (IOException e) {
            throw new AssertionError("no connection to " + host + ":" + port + " (" + e.getMessage() + ")", e);
        }
    }

    /** As {@link #connectTo(String, int)}, on 127.0.0.1. */
    public static ScriptedPeer connectTo(int port) {
        return connectTo("127.0.0.1", port);
    }

    /** Plays the client over a connected socket, of TLS perhaps. The peer closes it. */
    public static ScriptedPeer asClient(Socket socket) throws IOException {
        return new ScriptedPeer(socket, Role.CLIENT, Latency.ofSystem());
    }

    /** Plays the server over a connected socket, of TLS perhaps. The peer closes it. */
    public static ScriptedPeer asServer(Socket socket) throws IOException {
        return new ScriptedPeer(socket, Role.SERVER, Latency.ofSystem());
    }

    // ---- manners ------------------------------------------------------------------------------------------------

    /** SETTINGS stay unacknowledged from now on, and the other side's HEADER_TABLE_SIZE is not taken up. */
    public ScriptedPeer withoutSettingsAck() {
        line.manners().forgetSettingsAck();
        return this;
    }

    /** PINGs stay unanswered from now on. */
    public ScriptedPeer withoutPingAck() {
        line.manners().forgetPingAck();
        return this;
    }

    /** DATA no longer gets its credit back: the windows run dry unless the script sends WINDOW_UPDATE itself. */
    public ScriptedPeer withoutWindowUpdates() {
        line.manners().forgetCredit();
        return this;
    }

    /** Waits this long instead of {@link #PATIENCE}. */
    public ScriptedPeer withPatience(Duration longest) {
        witness.setPatience(longest);
        return this;
    }

    // ---- we say -------------------------------------------------------------------------------------------------

    /** {@link #handshake(Frame.Settings)} with no setting. */
    public ScriptedPeer handshake() {
        return handshake(new Frame.Settings());
    }

    /** Sends the preface (as a client) and these SETTINGS; waits for the other side's SETTINGS and its ACK of ours. */
    public ScriptedPeer handshake(Frame.Settings ours) {
        if (line.role() == Role.CLIENT) {
            sendPreface();
        }
        send(ours);
        line.startReading();
        theirSettings = expect(Frame.Settings.class, settings -> !settings.ack());
        return expectSettingsAck();
    }

    /** The SETTINGS that the handshake brought. */
    public Frame.Settings theirSettings() {
        if (theirSettings == null) {
            throw new IllegalStateException("their SETTINGS are known after handshake(), which has not been made");
        }
        return theirSettings;
    }

    /** Sends the 24 octets that a client begins with, and nothing else. */
    public ScriptedPeer sendPreface() {
        return await(line.writeRaw(Preface.OCTETS, "preface"));
    }

    /**
     * Sends frames, in one write, so that a peer which reads in batches gets them together. Returns once the socket
     * has taken them; a connection that has ended is not a failure here, but is found by the next {@code expect}.
     */
    public ScriptedPeer send(Frame... frames) {
        return await(line.write(frames));
    }

    /**
     * Sends octets as they are. The kit does not read them: from now on it no longer checks what depends on them, namely
     * flow control, ACKs of SETTINGS, and whether a stream was opened by us.
     */
    public ScriptedPeer sendRaw(byte... octets) {
        return sendRaw(Octets.of(octets));
    }

    /** As {@link #sendRaw(byte...)}. */
    public ScriptedPeer sendRaw(Octets octets) {
        return await(line.writeUnread(octets));
    }

    /**
     * A header block as the next one on this connection. It changes the dynamic table, so it must be sent, as a whole
     * and before any other block; in {@link Frame.Raw} and {@link Frame.Continuation} frames for example.
     */
    public Octets encodeHeaderBlock(List<Header> headers) {
        return line.encodeHeaderBlock(headers);
    }

    /** Ends our direction of the TCP connection (FIN) and goes on listening. */
    public ScriptedPeer halfClose() {
        return await(line.halfClose());
    }

    // ---- they say -----------------------------------------------------------------------------------------------

    /** The next frame, which must be of this class; for a background class, the first of that class. */
    public <F extends Frame> F expect(Class<F> type) {
        return expect(type, frame -> true);
    }

    /** The first frame of this background class that matches, or the next foreground frame, which must match. */
    public <F extends Frame> F expect(Class<F> type, Predicate<? super F> matching) {
        Predicate<Frame> right = frame -> type.isInstance(frame) && matching.test(type.cast(frame));
        boolean background = Background.classes().contains(type);
        return type.cast(witness.take(FrameText.name(type), background ? right : Background::isNot, right));
    }

    /** The next foreground frame on this stream, which must be HEADERS. */
    public Frame.Headers expectHeaders(int streamId) {
        return expectOn(streamId, Frame.Headers.class);
    }

    /** The next foreground frame on this stream, which must be DATA. */
    public Frame.Data expectData(int streamId) {
        return expectOn(streamId, Frame.Data.class);
    }

    /** The next foreground frame on this stream, whatever it is. */
    public Frame expectOn(int streamId) {
        return witness.take("a frame on stream " + streamId, foregroundOf(streamId), frame -> true);
    }

    /** The next foreground frame on this stream, which must be RST_STREAM with this code. */
    public Frame.RstStream expectRstStream(int streamId, long errorCode) {
        Frame.RstStream expected = new Frame.RstStream(streamId, errorCode);
        witness.take(expected.toString(), foregroundOf(streamId), expected::equals);
        return expected;
    }

    /** The first GOAWAY, passing over everything else; it must have this code. */
    public Frame.GoAway expectGoAway(long errorCode) {
        Predicate<Frame> right = frame -> frame instanceof Frame.GoAway goAway && goAway.errorCode() == errorCode;
        String expected = "GOAWAY with " + ErrorCode.nameOf(errorCode);
        return (Frame.GoAway) witness.take(expected, Frame.GoAway.class::isInstance, right);
    }

    /** The first WINDOW_UPDATE of this stream (0 for the connection) that was not taken yet. */
    public Frame.WindowUpdate expectWindowUpdate(int streamId) {
        return expect(Frame.WindowUpdate.class, update -> update.streamId() == streamId);
    }

    public ScriptedPeer expectSettingsAck() {
        expect(Frame.Settings.class, Frame.Settings::ack);
        return this;
    }

    /**
     * Waits until the other side has closed its direction, by FIN or RST.
     *
     * @return the foreground frames that nobody took before: empty proves that nothing else was said
     */
    public List<Frame> expectClosed() {
        return witness.takeRest(Background::isNot);
    }

    /**
     * Sends a PING and waits for its ACK: proves what was <i>not</i> sent, without sleeping. The proof reaches as far as
     * the other side works in order: what it decides on the thread that answers PINGs, not what other threads of it
     * may still be preparing.
     *
     * @return the foreground frames that stood before the ACK and that nobody took before
     */
    public List<Frame> pingBarrier() {
        return barrier(Background::isNot);
    }

    /** As {@link #pingBarrier()}, but takes the frames of this class, in the background or not, and leaves the others. */
    public <F extends Frame> List<F> pingBarrier(Class<F> type) {
        List<F> seen = new ArrayList<>();
        barrier(type::isInstance).forEach(frame -> seen.add(type.cast(frame)));
        return seen;
    }

    // ---- the end ------------------------------------------------------------------------------------------------

    /** The conversation so far, one line per frame. */
    public String transcript() {
        return line.transcript().text();
    }

    /** Cuts the connection with a TCP RST. */
    public void reset() {
        try {
            line.socket().setSoLinger(true, 0);
        } catch (IOException e) {
            throw failure("the socket cannot be reset: " + e.getMessage());
        }
        closed = true;
        line.close();
    }

    /**
     * Closes the socket. Idempotent.
     *
     * @throws AssertionError if the other side broke the protocol and no {@code expect} has said so: a breach does not
     *     pass unnoticed
     */
    @Override
    public void close() {
        closed = true;
        line.close();
        witness.reportUnnoticedBreach();
    }

    /** An error with the conversation behind it. */
    AssertionError failure(String what) {
        return witness.failure(what);
    }

    /** The transcript under its title. */
    String conversation() {
        return witness.conversation();
    }

    /** Whether nothing more can be heard. */
    boolean hasHeardTheEnd() {
        return line.inbox().ending() != null;
    }

    private <F extends Frame> F expectOn(int streamId, Class<F> type) {
        String expected = FrameText.name(type) + " on stream " + streamId;
        return type.cast(witness.take(expected, foregroundOf(streamId), type::isInstance));
    }

    private List<Frame> barrier(Predicate<Frame> wanted) {
        long payload = 0xba441e4L << 32 | ++barriers;
        line.startReading();
        send(new Frame.Ping(false, payload));
        return witness.takeUpTo(new Frame.Ping(true, payload), wanted);
    }

    private ScriptedPeer await(Future<?> written) {
        if (closed) {
            throw new IllegalStateException("this peer is closed, it cannot send");
        }
        try {
            written.get(witness.patience().toNanos(), TimeUnit.NANOSECONDS);
            return this;
        } catch (TimeoutException e) {
            throw failure("the " + line.role().other() + " has stopped reading: not everything could be sent within "
                    + witness.patience());
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IllegalArgumentException("cannot be sent: " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending", e);
        }
    }

    private static Predicate<Frame> foregroundOf(int streamId) {
        return frame -> frame.streamId() == streamId && Background.isNot(frame);
    }

    /** Listens on a free port of 127.0.0.1 and plays the server on every connection it accepts. */
    public static final class Server implements AutoCloseable {

        private final ServerSocket socket;
        private final List<ScriptedPeer> accepted = new ArrayList<>();

        private Server(ServerSocket socket) {
            this.socket = socket;
        }

        public static Server listen() {
            try {
                return new Server(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
            } catch (IOException e) {
                throw new AssertionError("no free port on 127.0.0.1", e);
            }
        }

        public int port() {
            return socket.getLocalPort();
        }

        /** {@code 127.0.0.1:port}. */
        public String authority() {
            return "127.0.0.1:" + port();
        }

        /** The next connection, for which it waits at most {@link #PATIENCE}. Nothing is sent or read on it yet. */
        public ScriptedPeer accept() {
            return accept(PATIENCE);
        }

        /** The next connection. */
        public ScriptedPeer accept(Duration patience) {
            try {
                socket.setSoTimeout((int) patience.toMillis());
                ScriptedPeer peer = asServer(socket.accept());
                accepted.add(peer);
                return peer;
            } catch (SocketTimeoutException e) {
                throw new AssertionError(
                        "expected connection number " + (accepted.size() + 1) + " to " + authority()
                                + ", but none came within " + patience,
                        e);
            } catch (IOException e) {
                throw new AssertionError("cannot accept on " + authority() + ": " + e.getMessage(), e);
            }
        }

        /** The connections so far, in order. */
        List<ScriptedPeer> accepted() {
            return List.copyOf(accepted);
        }

        /** Stops listening and closes every connection accepted. */
        @Override
        public void close() {
            AssertionError breach = null;
            try {
                socket.close();
            } catch (IOException e) {
                throw new AssertionError("cannot close " + authority(), e);
            }
            for (ScriptedPeer peer : accepted) {
                try {
                    peer.close();
                } catch (AssertionError e) {
                    breach = e;
                }
            }
            if (breach != null) {
                throw breach;
            }
        }
    }
}
