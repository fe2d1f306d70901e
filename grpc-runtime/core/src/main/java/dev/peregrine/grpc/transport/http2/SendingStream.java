// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.wire.MessagePrefix;
import dev.peregrine.grpc.wire.StreamHalves;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What we send on a stream: the first layer of three, see {@link Http2Stream}. A message goes out at once, or waits until
 * the windows and the socket let it through.
 *
 * <p>Confined to the event loop, but for the counter of unsent bytes, which tells any thread whether to send more.
 */
abstract sealed class SendingStream permits ReceivingStream {

    @AnyThread
    private static final AtomicIntegerFieldUpdater<SendingStream> UNSENT =
            AtomicIntegerFieldUpdater.newUpdater(SendingStream.class, "unsent");

    final Connection connection;
    final StreamHalves halves = new StreamHalves();

    private int id;
    private @Nullable SendWindow sendWindow;
    private @Nullable SendQueue queue;
    private boolean scheduled;
    private boolean lastQueued;

    /** Bytes the application has written and the network has not taken. */
    @AnyThread
    private volatile int unsent;

    SendingStream(Connection connection) {
        this.connection = connection;
    }

    // ---- what the two ends do differently ----

    /** Everything queued has gone out. */
    abstract void queueEmpty();

    /** Less is unsent than there may be. */
    abstract void becameReady();

    // ---- life ----

    /** The stream's number; 0 until it has one. */
    final int id() {
        return id;
    }

    void opened(int id) {
        this.id = id;
        this.sendWindow = new SendWindow(connection.peer().initialWindow());
    }

    /** The stream has ended: drops what is queued. */
    void dispose() {
        if (queue != null) {
            connection.scheduler().remove(this);
            connection.unsent().add(-queue.bytes());
            queue.clear();
        }
    }

    // ---- what is to be sent ----

    /**
     * Sends a message, at once if windows and socket allow, else when they do.
     *
     * @param encoded the message's bytes, if another thread has encoded it already; ownership passes
     * @param counted whether it was counted as unsent already
     * @param last whether END_STREAM goes with it
     * @return false if it would have to wait, and too much waits already: then it is dropped
     */
    final boolean send(OutboundMessage<?> message, @Nullable ByteBuf encoded, boolean counted, boolean last) {
        int length = MessagePrefix.LENGTH + message.length();
        SendWindow window = sendWindow;
        if (window == null || !halves.isLocalOpen() || lastQueued) {
            drop(encoded, counted ? length : 0);
            return true;
        }
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
            return true;
        }
        if (!connection.unsent().hasRoomFor(length)) {
            drop(encoded, counted ? length : 0);
            return false;
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
        return true;
    }

    private void drop(@Nullable ByteBuf encoded, int counted) {
        SendQueue.release(encoded);
        if (counted > 0) {
            sent(counted); // Out of the way.
        }
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

    /** Whether more should be written now. */
    @AnyThread
    public final boolean isReady() {
        return unsent < connection.limits().writeBufferHighWater();
    }

    private void sent(int bytes) {
        int highWater = connection.limits().writeBufferHighWater();
        int now = UNSENT.addAndGet(this, -bytes);
        if (now < highWater && now + bytes >= highWater) {
            becameReady();
        }
    }

    /** Another thread is about to have this much sent. */
    @AnyThread
    final void count(int bytes) {
        UNSENT.addAndGet(this, bytes);
    }
}
