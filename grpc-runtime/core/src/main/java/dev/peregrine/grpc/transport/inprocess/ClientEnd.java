// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.inprocess;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.Resend;
import dev.peregrine.grpc.wire.RequestHeaders;
import dev.peregrine.grpc.wire.ResponseHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * The caller's end of a call.
 *
 * <pre>
 *   waiting ──▶ open ──▶ answered (responses may be unread) ──▶ finished
 *      │          │                                                ▲
 *      └──────────┴── cancel, deadline, connection lost ───────────┘
 * </pre>
 *
 * <p>Belongs to the connection's thread; the methods of the waist post to it.
 */
final class ClientEnd implements ClientStream {

    private final InProcessConnection connection;
    private final ConnectionThread thread;
    private final CallHead head;
    private final ClientStreamListener listener;
    private final int maxMetadataSize;
    private final ServerEnd server;

    /** What the caller writes and the server reads. */
    private final Pipe requests;

    private final Pipe responses;

    private boolean opened;
    private boolean finished;
    private @Nullable ScheduledFuture<?> deadlineTimer;

    /** What the server has ended the call with; told behind the last response. */
    private @Nullable Status answer;

    private Metadata trailers = Metadata.EMPTY;

    ClientEnd(InProcessConnection connection, CallHead head, ClientStreamListener listener) {
        this.connection = connection;
        this.thread = connection.thread();
        this.head = head;
        this.listener = listener;
        this.maxMetadataSize = connection.clientLimits().maxMetadataSize();
        this.server = new ServerEnd(connection, this);
        this.requests = new Pipe(connection.clientLimits(), connection.serverLimits(), server::receive, this::onRoom);
        this.responses = new Pipe(connection.serverLimits(), connection.clientLimits(), this::receive, server::onRoom);
    }

    // ---- the waist, on any thread ----

    @Override
    public void write(OutboundMessage<?> message) {
        ByteBuf framed = frame(message);
        if (framed != null) {
            thread.post(framed, this::send);
        }
    }

    /** The bytes of a request; null, and the call ends, if there are none to be had. */
    @Nullable
    ByteBuf frame(OutboundMessage<?> message) {
        try {
            return requests.frame(message);
        } catch (RuntimeException | Error unencodable) {
            thread.post(() -> end(Status.of(StatusCode.INTERNAL, "the request could not be encoded")
                    .withCause(unencodable)));
            return null;
        }
    }

    @Override
    public void halfClose() {
        thread.post(this::endRequests);
    }

    @Override
    public void request(int messages) {
        thread.post(() -> demand(messages));
    }

    @Override
    public boolean isReady() {
        return requests.hasRoom();
    }

    @Override
    public void cancel(Status why) {
        thread.post(() -> end(why));
    }

    // ---- towards the server ----

    Pipe requests() {
        return requests;
    }

    Pipe responses() {
        return responses;
    }

    ServerEnd server() {
        return server;
    }

    boolean isOpened() {
        return opened;
    }

    boolean isFinished() {
        return finished;
    }

    /** The connection has taken the call. */
    void startDeadline() {
        Deadline deadline = head.deadline();
        if (deadline != null) {
            Status passed = Status.of(StatusCode.DEADLINE_EXCEEDED, "the deadline passed before the server answered");
            deadlineTimer = thread.schedule(() -> end(passed), deadline.remainingNanos());
        }
    }

    /** The server has room for one call more. */
    void open(String userAgent) {
        opened = true;
        RequestHeaders request = Fields.request(head, userAgent);
        int limit = connection.serverLimits().maxMetadataSize();
        if (request.headerListSize() <= limit) {
            server.accept(request);
        } else {
            Status tooLarge = Status.of(
                    StatusCode.RESOURCE_EXHAUSTED,
                    "the request's metadata is larger than the allowed " + limit + " bytes");
            finish(tooLarge, Metadata.EMPTY, Resend.NEVER);
        }
    }

    void send(ByteBuf framed) {
        try {
            requests.write(framed);
        } catch (StatusException tooLarge) {
            server.broken(tooLarge.status());
        }
    }

    void endRequests() {
        requests.end();
        server.checkHalfClosed();
    }

    private void onRoom() {
        if (!finished) {
            listener.onReady();
        }
    }

    // ---- from the server ----

    void headers(ResponseHeaders headers) {
        if (!finished && isAcceptable(headers)) {
            listener.onHeaders(headers.metadata());
        }
    }

    private void receive(ByteBuf message, boolean compressed) {
        if (!finished) {
            listener.onMessage(message, compressed);
        }
    }

    /** The server has said everything. */
    void answered(ResponseHeaders last) {
        Status status = last.status();
        if (!finished && status != null && isAcceptable(last)) {
            answer = status;
            trailers = last.metadata();
            checkAnswered();
        }
    }

    private boolean isAcceptable(ResponseHeaders block) {
        if (block.headerListSize() <= maxMetadataSize) {
            return true;
        }
        end(Status.of(
                StatusCode.RESOURCE_EXHAUSTED,
                "the response's metadata is larger than the allowed " + maxMetadataSize + " bytes"));
        return false;
    }

    void demand(int messages) {
        try {
            responses.request(messages);
            checkAnswered();
        } catch (StatusException tooLarge) {
            broken(tooLarge.status());
        }
    }

    private void checkAnswered() {
        if (!finished && answer != null && responses.isDrained()) {
            finish(answer, trailers, Resend.NEVER);
        }
    }

    /** A response breaks the rules; if the server ended the call with a failure, that says more. */
    void broken(Status why) {
        if (answer != null && !answer.isOk() && !finished) {
            finish(answer, trailers, Resend.NEVER);
        } else {
            end(why);
        }
    }

    // ---- the end ----

    /** Ends the call; the server, if it has not answered, is told to stop. */
    void end(Status why) {
        if (!finished) {
            server.callerGone(why);
            finish(why, Metadata.EMPTY, Resend.NEVER);
        }
    }

    /** The connection is gone; what the server said before is there to be read. */
    void connectionLost(Status why) {
        if (answer == null && !finished) {
            server.connectionLost(why);
            finish(why, Metadata.EMPTY, opened ? Resend.NEVER : Resend.FREELY);
        }
    }

    /** The connection takes no more calls, and this one has not reached the server. */
    void refuse(Status why) {
        finish(why, Metadata.EMPTY, Resend.FREELY);
    }

    private void finish(Status status, Metadata metadata, Resend resend) {
        finished = true;
        if (deadlineTimer != null) {
            deadlineTimer.cancel(false);
        }
        requests.close();
        responses.close();
        connection.endedAtClient(this);
        listener.onClosed(status, metadata, resend);
    }
}
