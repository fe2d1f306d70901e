// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.CompressibleServerStream;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.ServerStreamListener;
import dev.peregrine.grpc.wire.ErrorCode;
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
final class ServerCallStream extends Http2Stream implements CompressibleServerStream {

    private final ServerRole role;
    private final Peer peer;
    private final long openedAt;
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

    ServerCallStream(ServerRole role, Connection connection, int id, Peer peer) {
        super(connection);
        this.role = role;
        this.peer = peer;
        this.openedAt = connection.heardAt();
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

    private long ageNanos() {
        return connection.clock().nanos() - openedAt;
    }

    private void deadlinePassed() {
        Status status = Status.of(StatusCode.DEADLINE_EXCEEDED, "the deadline passed while the server was at work");
        failure = status;
        finishWith(status);
        connection.chargeReset(ageNanos());
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
        if (finished) {
            return; // It ended while the last of its bytes were read, and what they lack is nobody's loss.
        }
        failure = why;
        finishWith(why);
        connection.chargeReset(0);
    }

    @Override
    void overdrawn(Status why) {
        abandon(why);
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
            connection.chargeReset(ageNanos());
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
    public void reply(Metadata headers, OutboundMessage<?> message, Metadata trailers) {
        if (connection.mayActNow()) {
            doReply(headers, message, null, trailers);
            connection.flushSoon();
            return;
        }
        ByteBuf encoded = SendQueue.encodeAhead(message, connection.alloc());
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                doReply(headers, message, encoded, trailers);
            }

            @Override
            void discard() {
                SendQueue.release(encoded);
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
    public void requestSole() {
        waitForEnd();
        request(2);
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
        act((stream, sent, nothing) -> stream.doHeaders(sent), this, headers, null);
    }

    @Override
    @AnyThread
    public void end(Status status, Metadata trailers) {
        act(ServerCallStream::doEnd, this, status, trailers);
    }

    // ---- outbound, on the event loop ----

    private void doReply(Metadata headers, OutboundMessage<?> message, @Nullable ByteBuf encoded, Metadata trailers) {
        if (isAnswered()) {
            SendQueue.release(encoded);
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
        Status refusal = connection.fieldListLimit().refusal(headers, encoding, acceptedEncodings);
        if (refusal != null) {
            abandon(refusal);
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

    @Override
    void doWrite(OutboundMessage<?> message, @Nullable ByteBuf encoded, boolean counted) {
        if (isAnswered()) {
            SendQueue.release(encoded);
            return;
        }
        try {
            if (!send(message, encoded, counted, false)) {
                abandon(tooMuchUnfetched());
            }
        } catch (RuntimeException | Error unencodable) {
            connection.failed("a response could not be encoded", unencodable);
            abandon(Status.of(StatusCode.INTERNAL, "the response could not be encoded"));
        }
    }

    private Status tooMuchUnfetched() {
        ByteAccount unsent = connection.unsent();
        return Status.of(
                StatusCode.RESOURCE_EXHAUSTED,
                "the client leaves " + unsent.bytes()
                        + " bytes of answers unread on this connection, and with this one they"
                        + " would be more than " + unsent.most()
                        + "; read answers as they come, make fewer calls at once, or"
                        + " raise the server's limit maxBufferedBytes");
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
        if (failure == null && status.isOk()) {
            connection.resetGuard().completed();
        }
        if (connection.fieldListLimit().accepts(status, endMetadata, encodingsInTrailers())) {
            writeEnd(status, endMetadata);
        } else {
            writeLess(status);
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

    /** What can be told of this ending to a client that does not accept all of it: the details go first. */
    private void writeLess(Status status) {
        CallEnding less = new CallEnding(status, endMetadata)
                .within(connection.peer().maxHeaderListSize(), encodingsInTrailers());
        if (connection.fieldListLimit().accepts(less.status(), less.trailers(), encodingsInTrailers())) {
            writeEnd(less.status(), less.trailers());
        } else {
            writeEnd(connection.fieldListLimit().shortened(status, encodingsInTrailers()), Metadata.EMPTY);
        }
    }

    /** What trailers say of the encodings of requests: nothing, if the headers have. */
    private @Nullable String encodingsInTrailers() {
        return headersWritten ? null : acceptedEncodings;
    }

    private void writeEnd(Status status, Metadata trailers) {
        int maxFrame = connection.peer().maxFrameSize();
        if (headersWritten) {
            connection.headerBlocks().trailers(id(), status, trailers, maxFrame);
        } else {
            connection.headerBlocks().trailersOnly(id(), encodingsInTrailers(), status, trailers, maxFrame);
        }
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
            role.callClosed(listener);
        }
    }
}
