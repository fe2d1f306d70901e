// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.ServerStream;
import dev.peregrine.grpc.transport.ServerStreamListener;
import dev.peregrine.grpc.wire.StatusMapping;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A call on the wire of a server.
 *
 * <pre>
 *   accepted ──▶ (headers) ──▶ messages ──▶ trailers ──▶ finished
 *      │              │            │
 *      └──────────────┴────────────┴── reset, deadline, connection lost ──▶ finished
 * </pre>
 */
final class ServerCallStream extends Http2Stream implements ServerStream {

    private final Peer peer;
    private @Nullable ServerStreamListener listener;
    private @Nullable String encoding;
    private @Nullable String acceptedEncodings;
    private boolean headersWritten;
    private boolean halfClosedTold;
    private boolean finished;
    private @Nullable Status failure;
    private boolean closedTold;

    /** Status and metadata that wait behind queued messages. */
    private @Nullable Status endStatus;

    private Metadata endMetadata = Metadata.EMPTY;

    ServerCallStream(Connection connection, int id, Peer peer) {
        super(connection);
        this.peer = peer;
        opened(id);
        halves.openLocal();
    }

    /** The server has taken the call, and may have answered it already. */
    void attach(ServerStreamListener listener, long timeoutNanos) {
        this.listener = listener;
        if (finished) {
            tellClosed();
        } else if (timeoutNanos >= 0) {
            startDeadline(timeoutNanos, this::deadlinePassed);
        }
    }

    private void deadlinePassed() {
        Status status = Status.of(StatusCode.DEADLINE_EXCEEDED, "the deadline passed while the server was at work");
        failure = status;
        finishWith(status);
    }

    // ---- inbound ----

    @Override
    public void message(ByteBuf message, boolean compressed) {
        if (listener != null && !finished) {
            listener.onMessage(message, compressed);
        }
    }

    @Override
    void remoteDelivered() {
        if (!halfClosedTold && !finished && listener != null) {
            halfClosedTold = true;
            listener.onHalfClosed();
        }
    }

    @Override
    void broken(Status why) {
        failure = why;
        finishWith(why);
    }

    /** The server gives the call up; the caller hears why. */
    void abandon(Status why) {
        if (!finished) {
            failure = why;
            finishWith(why);
        }
    }

    @Override
    void resetByPeer(long errorCode) {
        if (!finished) {
            gone(Status.of(
                    StatusCode.CANCELLED,
                    StatusMapping.ofHttp2Error(errorCode, "the client reset the call")
                            .description()));
        }
    }

    @Override
    void connectionLost(Status why) {
        if (!finished) {
            gone(why);
        }
    }

    private void gone(Status why) {
        failure = why;
        halves.reset();
        finish();
    }

    // ---- outbound; the methods of the waist may be called from any thread ----

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    @AnyThread
    public boolean isReady() {
        return hasRoom();
    }

    @Override
    @AnyThread
    public void reply(Metadata headers, OutboundMessage<?> message, Metadata trailers) {
        if (connection.mayActNow()) {
            doReply(headers, message, null, trailers);
            connection.flushSoon();
            return;
        }
        ByteBuf encoded = encodeAhead(message);
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                doReply(headers, message, encoded, trailers);
            }

            @Override
            void discard() {
                release(encoded);
            }
        });
    }

    @Override
    @AnyThread
    public void encodings(@Nullable String responses, String accepted) {
        if (connection.mayActNow()) {
            encoding = responses;
            acceptedEncodings = accepted;
            return;
        }
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                encoding = responses;
                acceptedEncodings = accepted;
            }
        });
    }

    @Override
    @AnyThread
    public void hold(boolean held) {
        holdBack(held);
    }

    @Override
    @AnyThread
    public void execute(Runnable task) {
        post(task);
    }

    @Override
    @AnyThread
    public void headers(Metadata headers) {
        if (connection.mayActNow()) {
            doHeaders(headers);
            connection.flushSoon();
            return;
        }
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                doHeaders(headers);
            }
        });
    }

    @Override
    @AnyThread
    public void write(OutboundMessage<?> message) {
        if (connection.mayActNow()) {
            doWrite(message, null, false);
            connection.flushSoon();
            return;
        }
        countUnsent(message);
        ByteBuf encoded = encodeAhead(message);
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                doWrite(message, encoded, true);
            }

            @Override
            void discard() {
                release(encoded);
            }
        });
    }

    @Override
    @AnyThread
    public void end(Status status, Metadata trailers) {
        if (connection.mayActNow()) {
            doEnd(status, trailers);
            connection.flushSoon();
            return;
        }
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                doEnd(status, trailers);
            }
        });
    }

    @Override
    @AnyThread
    public void request(int messages) {
        if (connection.mayActNow()) {
            addDemand(messages);
            connection.flushSoon();
            return;
        }
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                addDemand(messages);
            }
        });
    }

    /** Null if the event loop shall encode the message: a small one, or one that cannot be encoded, to fail in one place. */
    private @Nullable ByteBuf encodeAhead(OutboundMessage<?> message) {
        if (!SendQueue.shouldEncodeAhead(message)) {
            return null;
        }
        try {
            return SendQueue.encode(message, connection.alloc());
        } catch (RuntimeException unencodable) {
            return null;
        }
    }

    private static void release(@Nullable ByteBuf encoded) {
        if (encoded != null) {
            encoded.release();
        }
    }

    // ---- outbound, on the event loop ----

    private void doReply(Metadata headers, OutboundMessage<?> message, @Nullable ByteBuf encoded, Metadata trailers) {
        if (isAnswered()) {
            release(encoded);
            return;
        }
        doHeaders(headers);
        doWrite(message, encoded, false);
        doEnd(Status.OK, trailers);
    }

    private void doHeaders(Metadata headers) {
        if (isAnswered() || headersWritten) {
            return;
        }
        headersWritten = true;
        connection
                .headerBlocks()
                .response(
                        id(),
                        encoding,
                        acceptedEncodings,
                        headers,
                        connection.peer().maxFrameSize());
    }

    private void doWrite(OutboundMessage<?> message, @Nullable ByteBuf encoded, boolean counted) {
        if (isAnswered()) {
            release(encoded);
            return;
        }
        try {
            send(message, encoded, counted, false);
        } catch (RuntimeException unencodable) {
            connection.log("a response could not be encoded", unencodable);
            abandon(Status.of(StatusCode.INTERNAL, "the response could not be encoded"));
        }
    }

    private void doEnd(Status status, Metadata trailers) {
        if (isAnswered()) {
            return;
        }
        if (hasQueued()) { // The caller gets what was written before the end, whatever the end is.
            endStatus = status;
            endMetadata = trailers;
        } else {
            endMetadata = trailers;
            finishWith(status);
        }
    }

    /** Whether nothing more may be said; news of that and a late word from the handler cross. */
    private boolean isAnswered() {
        return finished || endStatus != null;
    }

    @Override
    void queueEmpty() {
        if (endStatus != null) {
            finishWith(endStatus);
        }
    }

    @Override
    void becameReady() {
        if (listener != null && !isAnswered()) {
            listener.onReady();
        }
    }

    /** Says how the call ended; what is still queued of a call that failed is not worth sending. */
    private void finishWith(Status status) {
        if (failure == null) {
            connection.guard().streamCompleted();
        }
        int maxFrame = connection.peer().maxFrameSize();
        if (headersWritten) {
            connection.headerBlocks().trailers(id(), status, endMetadata, maxFrame);
        } else {
            connection.headerBlocks().trailersOnly(id(), acceptedEncodings, status, endMetadata, maxFrame);
        }
        halves.closeLocal();
        if (!halves.isRemoteClosed()) {
            // RFC 9113 §8.1: the answer is complete, the rest of the request is not needed.
            halves.reset();
            connection.output().rstStream(id(), ErrorCode.NO_ERROR);
            connection.rememberReset(id());
        }
        finish();
    }

    private void finish() {
        finished = true;
        dispose();
        tellClosed();
    }

    private void tellClosed() {
        if (listener != null && !closedTold) {
            closedTold = true;
            listener.onClosed(failure);
        }
    }
}
