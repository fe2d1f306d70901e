// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.observe.CallSnapshot;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.wire.MessageDeframer;
import dev.peregrine.grpc.wire.MessagePrefix;
import dev.peregrine.grpc.wire.StreamHalves;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What a call is on the wire, whichever end we are: bytes in, messages out, and the reverse. One object per call, so the
 * two ends are subclasses of it and not objects beside it.
 *
 * <p>Confined to the event loop, but for the counter of unsent bytes, which tells any thread whether to send more.
 */
abstract sealed class Http2Stream implements MessageDeframer.Sink permits ServerCallStream, ClientCallStream {

    @AnyThread
    private static final AtomicIntegerFieldUpdater<Http2Stream> UNSENT =
            AtomicIntegerFieldUpdater.newUpdater(Http2Stream.class, "unsent");

    private static final long UNTOLD = Long.MAX_VALUE;

    final Connection connection;
    final StreamHalves halves = new StreamHalves();
    private final MessageDeframer deframer;
    private @Nullable ReceiveWindow receiveWindow;

    /** Octets of DATA that are still to come, if {@code content-length} has told. */
    private long bodyLeft = UNTOLD;

    private int id;
    private @Nullable SendWindow sendWindow;
    private @Nullable SendQueue queue;
    private boolean scheduled;
    private boolean lastQueued;
    private int demand;

    /** What the connection's account has been told of the bytes in the deframer. */
    private int undelivered;

    private @Nullable Future<?> deadlineTimer;

    /** How many hold messages back. */
    private int holds;

    /** Whether the only message there is to be waits for the end of the peer's half. */
    private boolean waitsForEnd;

    /** Bytes the application has written and the network has not taken. */
    @AnyThread
    private volatile int unsent;

    Http2Stream(Connection connection) {
        this.connection = connection;
        this.deframer = new MessageDeframer(connection.limits().maxMessageSize());
    }

    // ---- what the two ends do differently ----

    /** The peer's half has ended and every message of it is delivered. */
    abstract void remoteDelivered();

    /** The peer's messages break the rules: too large, truncated, not framed. */
    abstract void broken(Status why);

    /** The call goes beyond what may lie with us for this connection, which the peer could not know. */
    abstract void overdrawn(Status why);

    /** Everything queued has gone out. */
    abstract void queueEmpty();

    /** Less is unsent than there may be. */
    abstract void becameReady();

    /**
     * Sends a message if the call still takes one.
     *
     * @param encoded the message's bytes, if another thread has encoded it already; ownership passes
     * @param counted whether it was counted as unsent already
     */
    abstract void doWrite(OutboundMessage<?> message, @Nullable ByteBuf encoded, boolean counted);

    /** RST_STREAM has come. */
    abstract void resetByPeer(long errorCode);

    /** The connection is gone, or given up. */
    abstract void connectionLost(Status why);

    /** What there is to see of the call; null if it is over for whoever answers it. */
    abstract @Nullable CallSnapshot snapshot();

    // ---- life ----

    int id() {
        return id;
    }

    final void opened(int id) {
        this.id = id;
        this.sendWindow = new SendWindow(connection.peer().initialWindow());
        int size = connection.streamWindow();
        // RFC 9113 §6.9.3: until the peer has acknowledged our SETTINGS it may go by the initial size.
        int believed = connection.areSettingsAcknowledged() ? size : Math.max(size, SendWindow.INITIAL);
        this.receiveWindow = new ReceiveWindow(size, believed);
    }

    final void widenReceiveWindow(int bytes) {
        if (receiveWindow != null) {
            receiveWindow.widen(bytes);
        }
    }

    /** Ends the stream by its own death, if the peer need not be told: gives back what it holds. */
    final void dispose() {
        if (deadlineTimer != null) {
            deadlineTimer.cancel(false);
            deadlineTimer = null;
        }
        if (queue != null) {
            connection.scheduler().remove(this);
            connection.unsent().add(-queue.bytes());
            queue.clear();
        }
        deframer.close();
        recount();
        connection.giveBack(deframer.drainTakenBytes(0));
        connection.forget(this);
    }

    final void startDeadline(long nanos, Runnable expired) {
        deadlineTimer = connection.later(expired, Math.max(0, nanos));
    }

    // ---- inbound ----

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
            connection.resetStream(this, ErrorCode.FLOW_CONTROL_ERROR, "the peer sent more than the stream's window");
            return;
        }
        if (!halves.remoteData(endStream)) {
            connection.giveBack(flowControlled);
            connection.resetStream(this, ErrorCode.STREAM_CLOSED, "DATA came outside the peer's half of the stream");
            return;
        }
        if (bodyLeft != UNTOLD) {
            bodyLeft -= data.readableBytes();
            if (bodyLeft < 0) {
                connection.giveBack(flowControlled);
                connection.resetStream(this, ErrorCode.PROTOCOL_ERROR, "there is more DATA than content-length says");
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
            connection.resetStream(this, ErrorCode.PROTOCOL_ERROR, why);
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

    /**
     * Keeps the messages that there is demand for back, or delivers them. Whoever is given a message may hold back the next
     * one, which may be there already: so that takes effect at once.
     */
    @AnyThread
    final void holdBack(boolean now) {
        if (connection.mayActNow() || (now && connection.loop().inEventLoop())) {
            setHeld(now);
        } else {
            post(() -> setHeld(now));
        }
    }

    private void setHeld(boolean now) {
        holds += now ? 1 : -1;
        deframer.hold(holds > 0);
        if (holds == 0) {
            addDemand(0);
            connection.flushSoon();
        }
    }

    @AnyThread
    final void post(Runnable task) {
        connection.post(new Mailbox.Letter() {
            @Override
            void open() {
                task.run();
            }
        });
    }

    /** The greatest demand means "all there are" and is never used up (Reactive Streams §3.17). */
    private void lessDemand(int delivered) {
        connection.tally().messagesReceived(delivered);
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
            connection.output().windowUpdate(id, increment);
        }
    }

    // ---- outbound, on the event loop ----

    /**
     * Sends a message, at once if windows and socket allow, else when they do.
     *
     * @param encoded the message's bytes, if another thread has encoded it already; ownership passes
     * @param counted whether it was counted as unsent already
     * @param last whether END_STREAM goes with it
     */
    final void send(OutboundMessage<?> message, @Nullable ByteBuf encoded, boolean counted, boolean last) {
        int length = MessagePrefix.LENGTH + message.length();
        SendWindow window = sendWindow;
        if (window == null || !halves.isLocalOpen() || lastQueued) {
            if (encoded != null) {
                encoded.release();
            }
            if (counted) {
                sent(length); // Dropped, and so out of the way.
            }
            return;
        }
        connection.tally().messageSent();
        if (encoded == null && !hasQueued() && fits(length, window)) {
            connection.output().data(id, message, last);
            window.take(length);
            connection.sendWindow().take(length);
            if (counted) {
                sent(length);
            }
            if (last) {
                halves.closeLocal();
            }
            return;
        }
        if (!counted) {
            UNSENT.addAndGet(this, length);
        }
        if (queue == null) {
            queue = new SendQueue();
        }
        queue.add(encoded == null ? SendQueue.encode(message, connection.alloc()) : encoded);
        connection.unsent().add(length);
        lastQueued = last;
        connection.scheduler().add(this);
    }

    private boolean fits(int length, SendWindow window) {
        return length <= window.available()
                && length <= connection.sendWindow().available()
                && length <= connection.peer().maxFrameSize()
                && connection.output().isWritable();
    }

    /** END_STREAM goes with the last byte queued, or alone if nothing is. */
    final void sendEnd() {
        if (!halves.isLocalOpen() || lastQueued) {
            return;
        }
        if (hasQueued()) {
            lastQueued = true;
        } else {
            halves.closeLocal();
            connection.output().emptyData(id);
        }
    }

    /** The peer takes no more: what is queued, and what is still to be written, is dropped. */
    final void stopSending() {
        if (halves.isLocalOpen()) {
            halves.closeLocal();
        }
        if (queue != null) {
            int dropped = queue.bytes();
            connection.scheduler().remove(this);
            connection.unsent().add(-dropped);
            queue.clear();
            sent(dropped);
        }
    }

    final boolean hasQueued() {
        return queue != null && !queue.isEmpty();
    }

    /** One frame's worth from the queue; true if there is more that may go. */
    final boolean sendFromQueue(FrameOutput output, SendWindow connectionWindow, int maxFrame) {
        SendWindow window = sendWindow;
        if (queue == null || window == null) {
            return false;
        }
        int count =
                Math.min(Math.min(queue.bytes(), maxFrame), Math.min(window.available(), connectionWindow.available()));
        if (count <= 0) {
            return false;
        }
        boolean last = lastQueued && count == queue.bytes();
        output.data(id, queue, count, last);
        window.take(count);
        connectionWindow.take(count);
        if (last) {
            halves.closeLocal();
        }
        boolean more = !queue.isEmpty();
        connection.unsent().add(-count);
        sent(count);
        if (!more && queue.isEmpty()) { // What was sent may have made the application write more.
            queueEmpty();
        }
        return more && window.available() > 0;
    }

    /** The peer's window for this stream grew; false if beyond what is lawful. */
    final boolean growSendWindow(int bytes) {
        SendWindow window = sendWindow;
        if (window == null) {
            return true;
        }
        if (!window.grow(bytes)) {
            return false;
        }
        if (hasQueued() && window.available() > 0) {
            connection.scheduler().add(this);
        }
        return true;
    }

    /** Changes the mark that says whether the scheduler holds this stream; false if it was so before. */
    final boolean markScheduled(boolean now) {
        boolean changed = scheduled != now;
        scheduled = now;
        return changed;
    }

    // ---- what both ends of the waist can do, from any thread ----

    /** Asks for this many more messages. */
    @AnyThread
    public final void request(int messages) {
        if (connection.mayActNow()) {
            addDemand(messages);
            connection.flushSoon();
        } else {
            connection.post(new StreamLetters.Demand(this, messages));
        }
    }

    /** Sends a message; ownership passes. */
    @AnyThread
    public final void write(OutboundMessage<?> message) {
        if (connection.mayActNow() && id != 0) {
            doWrite(message, null, false);
            connection.flushSoon();
        } else {
            UNSENT.addAndGet(this, MessagePrefix.LENGTH + message.length());
            connection.post(new StreamLetters.Write(this, message));
        }
    }

    /** Whether more should be written now. */
    @AnyThread
    public final boolean isReady() {
        return unsent < connection.limits().writeBufferHighWater();
    }

    /** Does something to the stream, at once or as soon as the event loop gets to it. */
    @AnyThread
    final <S extends Http2Stream, A extends @Nullable Object, B extends @Nullable Object> void act(
            StreamLetters.Deed<S, A, B> deed, S self, A first, B second) {
        if (connection.mayActNow()) {
            deed.doTo(self, first, second);
            connection.flushSoon();
        } else {
            connection.post(new StreamLetters.Act<>(deed, self, first, second));
        }
    }

    private void sent(int bytes) {
        int highWater = connection.limits().writeBufferHighWater();
        int now = UNSENT.addAndGet(this, -bytes);
        if (now < highWater && now + bytes >= highWater) {
            becameReady();
        }
    }
}
