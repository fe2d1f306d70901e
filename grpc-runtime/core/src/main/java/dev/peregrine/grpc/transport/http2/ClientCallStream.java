// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.CompressibleStream;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.Resend;
import dev.peregrine.grpc.wire.ErrorCode;
import dev.peregrine.grpc.wire.ResponseHeaders;
import dev.peregrine.grpc.wire.StatusMapping;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A call on the wire of a client.
 *
 * <pre>
 *   waiting for a stream ──▶ open ──▶ headers seen ──▶ ended by trailers ──▶ finished
 *           │                  │           │             (messages still      ▲
 *           │                  │           │              being delivered)    │
 *           └──────────────────┴───────────┴── reset, cancel, deadline, ──────┘
 *                                              connection lost
 * </pre>
 */
final class ClientCallStream extends Http2Stream implements ClientStream, CompressibleStream {

    private final CallHead head;
    private final ClientStreamListener listener;
    private final ClientRole role;

    /** What the application wants before there is a stream; null once there is. */
    private @Nullable Deque<Runnable> early;

    private @Nullable OutboundMessage<?> sole;
    private @Nullable ByteBuf soleEncoded;
    private boolean headersSeen;
    private boolean finished;

    /** Both ends have said everything, and the application has not taken it all. */
    private boolean unread;

    private @Nullable Status endStatus;
    private Metadata endMetadata = Metadata.EMPTY;

    ClientCallStream(
            ClientRole role,
            Connection connection,
            CallHead head,
            @Nullable OutboundMessage<?> sole,
            ClientStreamListener listener) {
        super(connection);
        this.role = role;
        this.head = head;
        this.sole = sole;
        this.listener = listener;
        this.soleEncoded = sole == null ? null : SendQueue.encodeAhead(sole, connection.alloc());
    }

    CallHead head() {
        return head;
    }

    boolean isFinished() {
        return finished;
    }

    // ---- opening, on the event loop ----

    /** The call was handed to the connection. */
    void admitted() {
        if (head.deadline() != null) {
            startDeadline(head.deadline().remainingNanos(), this::deadlinePassed);
        }
    }

    /** There is a stream: out goes everything that is known. */
    void open(int id) {
        opened(id);
        connection.add(this);
        halves.openLocal();
        connection
                .headerBlocks()
                .request(id, head, role.options(), false, connection.peer().maxFrameSize());
        OutboundMessage<?> message = sole;
        if (message != null) {
            ByteBuf encoded = soleEncoded;
            sole = null;
            soleEncoded = null;
            write(message, encoded, false, true);
        }
        if (early != null) {
            Deque<Runnable> actions = early;
            early = null;
            actions.forEach(Runnable::run);
        }
    }

    private void deadlinePassed() {
        doCancel(Status.of(StatusCode.DEADLINE_EXCEEDED, "the deadline passed before the server answered"));
    }

    private void whenOpen(Runnable action) {
        if (finished) {
            return;
        }
        if (id() != 0) {
            action.run();
            return;
        }
        if (early == null) {
            early = new ArrayDeque<>(4);
        }
        early.add(action);
    }

    // ---- inbound ----

    void headers(HeaderSink block, boolean endStream) {
        boolean first = !headersSeen;
        String malformed = ResponseRules.malformed(block, first, endStream);
        if (malformed != null) {
            connection.resetStream(this, ErrorCode.PROTOCOL_ERROR, malformed);
            return;
        }
        ResponseHeaders headers = block.response();
        if (ResponseRules.isInformational(headers)) {
            return;
        }
        if (!halves.remoteHeaders(endStream)) {
            connection.resetStream(
                    this, ErrorCode.PROTOCOL_ERROR, "a header block came that is neither first nor last");
            return;
        }
        headersSeen = true;
        if (first) {
            expectBody(headers.contentLength());
        }
        if (endStream) {
            endStatus = ResponseRules.ending(headers, first);
            endMetadata = headers.metadata();
            remoteEnded();
            countIfUnread();
            return;
        }
        Status refusal = ResponseRules.refusal(headers);
        if (refusal != null) {
            doCancel(refusal);
            return;
        }
        if (headers.encoding() != null) {
            listener.onEncoding(headers.encoding());
        }
        if (!finished) {
            listener.onHeaders(headers.metadata());
        }
    }

    /** What waits only for the application is no stream any more in the eyes of the server (RFC 9113 §5.1.2). */
    private void countIfUnread() {
        if (!finished && !unread && halves.isClosed()) {
            unread = true;
            role.unread(1);
        }
    }

    @Override
    public void message(ByteBuf message, boolean compressed) {
        if (!finished) {
            listener.onMessage(message, compressed);
        }
    }

    @Override
    void remoteDelivered() {
        if (finished) {
            return;
        }
        if (endStatus == null) {
            endStatus = headersSeen
                    ? Status.of(StatusCode.UNKNOWN, "the server ended the stream without trailers")
                    : Status.of(StatusCode.INTERNAL, "the server ended the stream without a header");
        }
        if (!halves.isLocalClosed()) {
            // The server has said everything; whatever else we would send, nobody reads.
            connection.output().rstStream(id(), ErrorCode.CANCEL);
            connection.rememberReset(id());
            halves.reset();
        }
        finish(endStatus, endMetadata, Resend.NEVER);
    }

    @Override
    void overdrawn(Status why) {
        broken(why);
    }

    /** A server that broke off in the midst of a message may have said why: then that counts. */
    @Override
    void broken(Status why) {
        if (endStatus == null || endStatus.isOk()) {
            doCancel(why);
        } else {
            end(endStatus, endMetadata);
        }
    }

    @Override
    void resetByPeer(long errorCode) {
        if (finished) {
            return;
        }
        if (isAnswered()) {
            stopSending(); // RFC 9113 §8.1: the server has answered, and wants no more of the request.
            countIfUnread();
            return;
        }
        halves.reset();
        Status status = StatusMapping.ofHttp2Error(errorCode, "the server reset the call");
        if (status.code() == StatusCode.CANCELLED
                && head.deadline() != null
                && head.deadline().isExpired()) {
            status = Status.of(StatusCode.DEADLINE_EXCEEDED, "the deadline passed, and the server heard of it first");
        }
        finish(status, Metadata.EMPTY, errorCode == ErrorCode.REFUSED_STREAM ? Resend.ONCE : Resend.NEVER);
    }

    /** What has arrived whole can be read without a connection. */
    @Override
    void connectionLost(Status why) {
        if (isAnswered()) {
            stopSending();
        } else {
            fail(why, Resend.NEVER);
        }
    }

    /** Whether the server has said everything, though the application may not have taken it yet. */
    private boolean isAnswered() {
        return halves.isRemoteClosed() && !halves.isReset();
    }

    /** Ends the call without a word to the server. */
    void fail(Status why, Resend resend) {
        if (!finished) {
            halves.reset();
            finish(why, Metadata.EMPTY, resend);
        }
    }

    private void finish(Status status, Metadata trailers, Resend resend) {
        finished = true;
        if (unread) {
            unread = false;
            role.unread(-1);
        }
        early = null;
        if (soleEncoded != null) {
            soleEncoded.release();
            soleEncoded = null;
        }
        dispose();
        // A server that has begun to answer has seen the call, whatever it says later.
        listener.onClosed(status, trailers, headersSeen ? Resend.NEVER : resend);
    }

    // ---- outbound; the methods of the waist may be called from any thread ----

    @Override
    @AnyThread
    public void halfClose() {
        act((stream, nothing, nothingElse) -> stream.whenOpen(stream::doHalfClose), this, null, null);
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
    public void cancel(Status why) {
        act((stream, reason, trailers) -> stream.end(reason, trailers), this, why, Metadata.EMPTY);
    }

    // ---- outbound, on the event loop ----

    @Override
    void doWrite(OutboundMessage<?> message, @Nullable ByteBuf encoded, boolean counted) {
        if (finished) {
            SendQueue.release(encoded);
        } else if (id() != 0) {
            write(message, encoded, counted, false);
        } else {
            SendQueue.release(
                    encoded); // Held as a message until there is a stream: a buffer would need an owner meanwhile.
            whenOpen(() -> write(message, null, counted, false));
        }
    }

    private void write(OutboundMessage<?> message, @Nullable ByteBuf encoded, boolean counted, boolean last) {
        try {
            send(message, encoded, counted, last);
        } catch (RuntimeException | Error unencodable) {
            doCancel(Status.of(StatusCode.INTERNAL, "the request could not be encoded")
                    .withCause(unencodable));
        }
    }

    private void doHalfClose() {
        sendEnd();
        countIfUnread();
    }

    private void doCancel(Status why) {
        end(why, Metadata.EMPTY);
    }

    /** Ends the call whatever state it is in, and tells the server unless that has nothing to say or hear any more. */
    private void end(Status status, Metadata trailers) {
        if (finished) {
            return;
        }
        if (id() == 0) {
            role.cancelledWhileWaiting(this);
        } else if (!halves.isClosed()) {
            halves.reset();
            connection.output().rstStream(id(), ErrorCode.CANCEL);
            connection.rememberReset(id());
        }
        finish(status, trailers, Resend.NEVER);
    }

    @Override
    void queueEmpty() {}

    @Override
    void becameReady() {
        if (!finished) {
            listener.onReady();
        }
    }
}
