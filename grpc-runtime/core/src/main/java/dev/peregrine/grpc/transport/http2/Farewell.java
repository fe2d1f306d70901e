// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.wire.ErrorCode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a connection ends, whoever ends it: the calls hear why, the peer gets our last words if it takes them in time, and
 * the socket closes.
 *
 * <pre>
 *   alive ── close ──▶ closing (GOAWAY is written, streams have ended) ── socket closed ──▶ gone ── no streams ──▶ told
 *     └───────────────────────────── socket lost ────────────────────────────────────────▶
 * </pre>
 */
final class Farewell {

    /** How long a peer that broke the rules, or that TLS refuses, may take to hear so. */
    static final long LINGER_MILLIS = 1000;

    /** How long a forced close waits for the socket to take the last words. */
    static final long FORCED_MILLIS = 500;

    /** How long a peer may take nothing of our last words; and a client, once the socket has them all, to close its end. */
    private static final long FAREWELL_MILLIS = 10_000;

    private final Connection connection;
    private final Channel channel;
    private final Role role;
    private final boolean server;

    /** What is due when the peer takes too long. */
    private final List<Future<?>> timers = new ArrayList<>(2);

    private boolean closing;
    private boolean written;
    private @Nullable Status reason;

    /** Set when the socket is gone; streams whose answers are being read may outlive it. */
    private @Nullable Status lost;

    /**
     * @param server whether this is the server's end
     */
    Farewell(Connection connection, Channel channel, Role role, boolean server) {
        this.connection = connection;
        this.channel = channel;
        this.role = role;
        this.server = server;
    }

    /** Whether nothing more is to be read or written. */
    boolean hasBegun() {
        return closing;
    }

    /** Ends the connection with GOAWAY; calls that are open end with the status. */
    void close(long errorCode, Status why) {
        close(errorCode, why.description() == null ? "" : why.description(), why);
    }

    /** As {@link #close(long, Status)}, with other words to the peer than to the calls. */
    void close(long errorCode, String debug, Status why) {
        if (!closing) {
            connection.greeting().say();
            connection.output().goAway(role.lastAccepted(), errorCode, debug);
            closeAfterFlush(why, errorCode != ErrorCode.NO_ERROR);
        }
    }

    /** Ends the connection in peace, but gives the socket no more time than this to take the last words. */
    void closeSoon(Status why, long millis) {
        close(ErrorCode.NO_ERROR, why);
        abortIn(millis);
    }

    /** Ends the connection without a word: nobody is there to hear it. */
    void abandon(Status why) {
        if (reason == null) {
            reason = why;
        }
        channel.close();
    }

    /**
     * Closes when the socket has taken everything. Where the last words matter, an error's or a server's, only the output
     * is closed and the input read to its end: a socket that is closed with input unread, or still arriving, takes back
     * from the network what the peer has not received yet.
     */
    void closeAfterFlush(Status why, boolean error) {
        closing = true;
        reason = why;
        endStreams(why);
        connection.output().flush();
        connection.output().whenWritten(() -> {
            written = true;
            if ((error || server) && channel instanceof DuplexChannel socket) {
                Tls.closeOutput(socket);
                abortIn(FAREWELL_MILLIS);
            } else {
                channel.close();
            }
        });
        if (error) {
            abortIn(LINGER_MILLIS);
        } else {
            abortUnlessTaken(Long.MAX_VALUE);
        }
    }

    /** Waits as long as the peer reads, however slowly; keep-alive does not look after it any more. */
    private void abortUnlessTaken(long unwrittenBefore) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (written || buffer == null) {
            return;
        }
        long unwritten = buffer.totalPendingWriteBytes() - buffer.currentProgress();
        if (unwritten == unwrittenBefore) {
            Tls.abort(channel);
        } else {
            later(() -> abortUnlessTaken(unwritten), FAREWELL_MILLIS);
        }
    }

    /** The socket broke, and is about to be gone. */
    void broke(String how, @Nullable Throwable cause) {
        abandon(Status.of(StatusCode.UNAVAILABLE, how).withCause(cause));
    }

    /** The socket is gone. */
    void socketClosed() {
        closing = true;
        timers.forEach(timer -> timer.cancel(false));
        timers.clear();
        Status why = reason == null
                ? Status.of(
                        StatusCode.UNAVAILABLE, "the connection to " + SocketAddresses.remote(channel) + " was lost")
                : reason;
        endStreams(why);
        lost = why;
        tellIfOver();
    }

    /** Tells the end, once the socket is gone and the last stream has ended. */
    void tellIfOver() {
        if (lost != null && connection.openStreams() == 0) {
            role.closed(lost);
        }
    }

    private void endStreams(Status why) {
        role.ending(why); // First: whoever hears of the loss may call again, and must not end up here.
        for (Http2Stream stream : connection.streamsSnapshot()) {
            try {
                stream.connectionLost(why);
            } catch (RuntimeException | Error thrown) { // The other calls hear of it all the same.
                connection.failed("a call failed to end", thrown);
            }
        }
    }

    private void abortIn(long millis) {
        later(() -> Tls.abort(channel), millis);
    }

    private void later(Runnable task, long millis) {
        if (lost == null) {
            timers.add(connection.later(task, TimeUnit.MILLISECONDS.toNanos(millis)));
        }
    }
}
