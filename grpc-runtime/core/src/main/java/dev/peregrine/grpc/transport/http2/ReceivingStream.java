// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.wire.ErrorCode;
import dev.peregrine.grpc.wire.MessageDeframer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What the peer sends on a stream: the second layer of three, see {@link Http2Stream}. Data charges its windows and becomes
 * messages, which lie here until the application asks for them; what it takes is given back to the windows.
 */
abstract sealed class ReceivingStream extends SendingStream implements MessageDeframer.Sink permits Http2Stream {

    private static final long UNTOLD = Long.MAX_VALUE;

    private final MessageDeframer deframer;
    private @Nullable ReceiveWindow receiveWindow;

    /** Octets of DATA that are still to come, if {@code content-length} has told. */
    private long bodyLeft = UNTOLD;

    private int demand;

    /** What the connection's account has been told of the bytes in the deframer. */
    private int undelivered;

    /** How many hold messages back. */
    private int holds;

    /** Whether the only message there is to be waits for the end of the peer's half. */
    private boolean waitsForEnd;

    ReceivingStream(Connection connection) {
        super(connection);
        this.deframer = new MessageDeframer(connection.limits().maxMessageSize());
    }

    // ---- what the two ends do differently ----

    /** The peer's half has ended and every message of it is delivered. */
    abstract void remoteDelivered();

    /** The peer's messages break the rules: too large, truncated, not framed. */
    abstract void broken(Status why);

    /** The call goes beyond what may lie with us for this connection, which the peer could not know. */
    abstract void overdrawn(Status why);

    /** The peer broke the rules of the stream (RFC 9113 §5.4.2). */
    abstract void reset(long errorCode, String why);

    // ---- life ----

    @Override
    void opened(int id) {
        super.opened(id);
        int size = connection.windows().ofStreams();
        // RFC 9113 §6.9.3: until the peer has acknowledged our SETTINGS it may go by the initial size.
        int believed = connection.areSettingsAcknowledged() ? size : Math.max(size, SendWindow.INITIAL);
        this.receiveWindow = new ReceiveWindow(size, believed);
    }

    /** The stream has ended: drops what has come and is not taken, and gives it back to the connection's window. */
    @Override
    void dispose() {
        super.dispose();
        deframer.close();
        recount();
        connection.giveBack(deframer.drainTakenBytes(0));
    }

    // ---- what has come ----

    final void widenReceiveWindow(int bytes) {
        if (receiveWindow != null) {
            receiveWindow.widen(bytes);
        }
    }

    /**
     * The peer has said how long its body is; RFC 9113 §8.1.1: it is malformed if it has another length.
     *
     * @param octets the value of {@code content-length}; negative if there is none
     */
    final void expectBody(long octets) {
        bodyLeft = octets < 0 ? UNTOLD : octets;
    }

    /** DATA has come; the windows have been charged. */
    final void receive(ByteBuf data, int flowControlled, boolean endStream) {
        if (receiveWindow == null || !receiveWindow.use(flowControlled)) {
            connection.giveBack(flowControlled);
            reset(ErrorCode.FLOW_CONTROL_ERROR, "the peer sent more than the stream's window");
            return;
        }
        if (!halves.remoteData(endStream)) {
            connection.giveBack(flowControlled);
            reset(ErrorCode.STREAM_CLOSED, "DATA came outside the peer's half of the stream");
            return;
        }
        if (bodyLeft != UNTOLD) {
            bodyLeft -= data.readableBytes();
            if (bodyLeft < 0) {
                connection.giveBack(flowControlled);
                reset(ErrorCode.PROTOCOL_ERROR, "there is more DATA than content-length says");
                return;
            }
        }
        int padding = flowControlled - data.readableBytes();
        try {
            int delivered = deframer.receive(data, deliverable(), connection.alloc(), this);
            lessDemand(delivered); // Not in one step: whoever got a message may have asked for more.
            deliver();
        } catch (StatusException lawless) {
            connection.giveBack(padding);
            broken(lawless.status());
            return;
        }
        if (recount() && connection.undelivered().isOverdrawn()) {
            connection.giveBack(padding);
            overdrawn(tooMuchUndelivered());
            return;
        }
        giveBack(padding);
        if (endStream) {
            remoteEnded();
        }
    }

    /** Tells the connection's account what lies here now; true if that is more than before. */
    private boolean recount() {
        int change = deframer.bufferedBytes() - undelivered;
        if (change != 0) {
            undelivered += change;
            connection.undelivered().add(change);
        }
        return change > 0;
    }

    private Status tooMuchUndelivered() {
        return Status.of(
                StatusCode.RESOURCE_EXHAUSTED,
                "more than " + connection.undelivered().most()
                        + " bytes of messages that are incomplete, or not asked for, came on one connection; send fewer or"
                        + " smaller messages at once, or raise the receiver's limit maxBufferedBytes");
    }

    /** END_STREAM has come, with DATA or with a header block. */
    final void remoteEnded() {
        if (bodyLeft != UNTOLD && bodyLeft > 0) {
            bodyTooShort();
        } else if (deframer.isMidMessage()) {
            broken(Status.of(
                    StatusCode.INTERNAL,
                    "the stream ended in the middle of a message, " + deframer.bufferedBytes() + " bytes into it"));
        } else if (waitsForEnd) {
            addDemand(0);
        } else {
            checkDelivered();
        }
    }

    private void bodyTooShort() {
        String why = "there is less DATA than content-length says";
        if (halves.isClosed()) { // Then there is nothing to reset.
            broken(Status.of(StatusCode.INTERNAL, "HTTP/2 stream error: " + why));
        } else {
            reset(ErrorCode.PROTOCOL_ERROR, why);
        }
    }

    final void addDemand(int messages) {
        demand = (int) Math.min(Integer.MAX_VALUE, (long) demand + messages);
        if (halves.isReset()) {
            return;
        }
        try {
            deliver();
        } catch (StatusException lawless) {
            broken(lawless.status());
            return;
        }
        recount();
        giveBack(0);
        checkDelivered();
    }

    /** How many messages the application may be given now. */
    private int deliverable() {
        boolean waits = waitsForEnd && !halves.isRemoteClosed() && !deframer.holdsMoreThanOne();
        return holds > 0 || waits ? 0 : demand;
    }

    /** How many messages the peer may send beyond those that lie here. */
    private int wanted() {
        return holds > 0 ? 0 : demand;
    }

    /** A message that is alone stays here, and on the connection's account, until the peer's half has ended. */
    final void waitForEnd() {
        waitsForEnd = true;
    }

    final void setHeld(boolean now) {
        holds += now ? 1 : -1;
        deframer.hold(holds > 0);
        if (holds == 0) {
            addDemand(0);
            connection.flushSoon();
        }
    }

    /** The greatest demand means "all there are" and is never used up (Reactive Streams §3.17). */
    private void lessDemand(int delivered) {
        if (demand != Integer.MAX_VALUE) {
            demand -= delivered;
        }
    }

    private void deliver() {
        int delivered;
        do {
            delivered = deframer.deliver(deliverable(), this);
            lessDemand(delivered);
        } while (delivered > 0 && deliverable() > 0);
    }

    private void checkDelivered() {
        if (halves.isRemoteClosed() && !halves.isReset() && !deframer.isDelivering() && deframer.bufferedBytes() == 0) {
            remoteDelivered();
        }
    }

    private void giveBack(int padding) {
        int taken = deframer.drainTakenBytes(wanted()) + padding;
        connection.giveBack(taken);
        int increment = receiveWindow == null ? 0 : receiveWindow.giveBack(taken);
        if (increment > 0 && halves.isRemoteOpen()) {
            connection.output().windowUpdate(id(), increment);
        }
    }
}
