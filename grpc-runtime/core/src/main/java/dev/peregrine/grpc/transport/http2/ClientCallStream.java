// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.OutboundMessage;
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
final class ClientCallStream extends Http2Stream implements ClientStream {

    private final CallHead head;
    private final ClientStreamListener listener;
    private final ClientRole role;

    /** What the application wants before there is a stream; null once there is. */
    private @Nullable Deque<Runnable> early;

    private @Nullable OutboundMessage<?> sole;
    private @Nullable ByteBuf soleEncoded;
    private boolean headersSeen;
    private boolean finished;
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
        this.soleEncoded = sole == null ? null : encodeAhead(sole);
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
                .request(id, head, role.userAgent(), false, connection.peer().maxFrameSize());
        OutboundMessage<?> message = sole;
        if (message != null) {
            ByteBuf encoded = soleEncoded;
            sole = null;
            soleEncoded = null;
            doWrite(message, encoded, false, true);
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

    void headers(ResponseHeaders headers, boolean endStream) {
        boolean first = !headersSeen;
        String malformed = ResponseRules.malformed(headers, first);
        if (malformed != null) {
            connection.resetStream(this, ErrorCode.PROTOCOL_ERROR, malformed);
            return;
        }
        if (ResponseRules.isInformational(headers) && !endStream) {
            return;
        }
        if (!halves.remoteHeaders(endStream)) {
            connection.resetStream(
                    this, ErrorCode.PROTOCOL_ERROR, "a header block came that is neither first nor last");
            return;
        }
        headersSeen = true;
        if (endStream) {
            endStatus = ResponseRules.ending(headers, first);
            endMetadata = headers.metadata();
            remoteEnded();
            return;
        }
        Status refusal = ResponseRules.refusal(headers);
        if (refusal == null) {
            listener.onHeaders(headers.metadata());
        } else {
            doCancel(refusal);
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
        finish(endStatus, endMetadata, false);
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
            return;
        }
        halves.reset();
        Status status = StatusMapping.ofHttp2Error(errorCode, "the server reset the call");
        if (status.code() == StatusCode.CANCELLED
                && head.deadline() != null
                && head.deadline().isExpired()) {
            status = Status.of(StatusCode.DEADLINE_EXCEEDED, "the deadline passed, and the server heard of it first");
        }
        finish(status, Metadata.EMPTY, errorCode == ErrorCode.REFUSED_STREAM);
    }

    /** What has arrived whole can be read without a connection. */
    @Override
    void connectionLost(Status why) {
        if (isAnswered()) {
            stopSending();
        } else {
            fail(why, id() == 0);
        }
    }

    /** Whether the server has said everything, though the application may not have taken it yet. */
    private boolean isAnswered() {
        return halves.isRemoteClosed() && !halves.isReset();
    }

    /** Ends the call without a word to the server. */
    void fail(Status why, boolean unprocessed) {
        if (!finished) {
            halves.reset();
            finish(why, Metadata.EMPTY, unprocessed);
        }
    }

    private void finish(Status status, Metadata trailers, boolean unprocessed) {
        finished = true;
        early = null;
        if (soleEncoded != null) {
            soleEncoded.release();
            soleEncoded = null;
        }
        dispose();
        // A server that has begun to answer has seen the call, whatever it says later.
        listener.onClosed(status, trailers, unprocessed && !headersSeen);
    }

    // ---- outbound; the methods of the waist may be called from any thread ----

    @Override
    @AnyThread
    public boolean isReady() {
        return hasRoom();
    }

    @Override
    @AnyThread
    public void write(OutboundMessage<?> message) {
        if (connection.mayActNow() && id() != 0) {
            doWrite(message, null, false, false);
            connection.flushSoon();
            return;
        }
        countUnsent(message);
        ByteBuf encoded = encodeAhead(message);
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                if (finished) {
                    discard();
                } else if (id() != 0) {
                    doWrite(message, encoded, true, false);
                } else {
                    discard(); // Held as a message until there is a stream: a buffer would need an owner meanwhile.
                    whenOpen(() -> doWrite(message, null, true, false));
                }
            }

            @Override
            void discard() {
                if (encoded != null) {
                    encoded.release();
                }
            }
        });
    }

    /** Null if the event loop is to encode the message; one that cannot be encoded ends the call there. */
    @AnyThread
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

    @Override
    @AnyThread
    public void halfClose() {
        act(this::doHalfClose);
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

    @Override
    @AnyThread
    public void cancel(Status why) {
        if (connection.mayActNow()) {
            doCancel(why);
            connection.flushSoon();
            return;
        }
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                doCancel(why);
            }
        });
    }

    private void act(Runnable action) {
        if (connection.mayActNow()) {
            whenOpen(action);
            connection.flushSoon();
            return;
        }
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                whenOpen(action);
            }
        });
    }

    // ---- outbound, on the event loop ----

    private void doWrite(OutboundMessage<?> message, @Nullable ByteBuf encoded, boolean counted, boolean last) {
        try {
            send(message, encoded, counted, last);
        } catch (RuntimeException unencodable) {
            doCancel(Status.of(StatusCode.INTERNAL, "the request could not be encoded")
                    .withCause(unencodable));
        }
    }

    private void doHalfClose() {
        sendEnd();
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
        finish(status, trailers, false);
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
