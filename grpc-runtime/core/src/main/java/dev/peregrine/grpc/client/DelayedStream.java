// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientConnection;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.CompressibleStream;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.Resend;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for a connection: what the caller does meanwhile is kept and done when one is there.
 *
 * <p>Thread rule: the caller's methods from any thread; {@link #open} and {@link #fail} on the channel's thread.
 */
final class DelayedStream implements ClientStream, CompressibleStream {

    private final CallHead head;
    private final @Nullable OutboundMessage<?> sole;
    private final int demand;
    private final ClientStreamListener listener;
    private final boolean waitForReady;
    private final WaitingCalls queue;

    private @Nullable Deque<Consumer<ClientStream>> kept = new ArrayDeque<>(4);
    private volatile @Nullable ClientStream stream;
    private boolean opening;
    private volatile boolean over;
    private ClientTransport.@Nullable Timer timer;

    DelayedStream(
            CallHead head,
            @Nullable OutboundMessage<?> sole,
            int demand,
            ClientStreamListener listener,
            boolean waitForReady,
            WaitingCalls queue) {
        this.head = head;
        this.sole = sole;
        this.demand = demand;
        this.listener = listener;
        this.waitForReady = waitForReady;
        this.queue = queue;
    }

    boolean waitsForReady() {
        return waitForReady;
    }

    CallHead head() {
        return head;
    }

    /** Ends the wait when the deadline does; cancelled as soon as the call gets on. */
    void deadlineTimer(ClientTransport.Timer timer) {
        this.timer = timer;
    }

    /** A connection is there: the call goes out, and everything kept after it. */
    void open(ClientConnection connection) {
        cancelTimer();
        synchronized (this) {
            if (over) {
                return;
            }
            opening = true;
        }
        ClientStream opened = connection.open(head, sole, demand, listener);
        for (Deque<Consumer<ClientStream>> actions = catchUp(opened); actions != null; actions = catchUp(opened)) {
            actions.forEach(action -> action.accept(opened)); // Outside the lock: listeners may be called.
        }
        if (sole == null) {
            listener.onReady(); // Whoever asked before was told to wait.
        }
    }

    /** What was kept since the last look; null, and from now on nothing is kept, when that is nothing. */
    private synchronized @Nullable Deque<Consumer<ClientStream>> catchUp(ClientStream opened) {
        Deque<Consumer<ClientStream>> actions = kept;
        if (actions == null || actions.isEmpty()) {
            kept = null;
            stream = opened;
            return null;
        }
        kept = new ArrayDeque<>(4);
        return actions;
    }

    /** There will be no connection. */
    void fail(Status why) {
        cancelTimer();
        synchronized (this) {
            if (over || stream != null) {
                return;
            }
            over = true;
            kept = null;
        }
        listener.onClosed(why, Metadata.EMPTY, Resend.NEVER);
    }

    boolean isWaiting() {
        synchronized (this) {
            return !over && stream == null;
        }
    }

    @Override
    public void write(OutboundMessage<?> message) {
        pass(target -> target.write(message));
    }

    @Override
    public void halfClose() {
        pass(ClientStream::halfClose);
    }

    @Override
    public void request(int messages) {
        pass(target -> target.request(messages));
    }

    @Override
    public void hold(boolean held) {
        pass(target -> CompressibleStream.of(target).hold(held));
    }

    @Override
    public void execute(Runnable task) {
        pass(target -> CompressibleStream.of(target).execute(task));
    }

    @Override
    public boolean isReady() {
        ClientStream opened = stream;
        return opened != null && opened.isReady();
    }

    /** A call that never went out ends here; the server has nothing to hear. */
    @Override
    public void cancel(Status why) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = !opening;
            if (over) {
                kept = null;
            }
        }
        if (over) {
            queue.cancelled(this, why);
        } else {
            pass(target -> target.cancel(why));
        }
    }

    /** The queue has heard that it was cancelled. */
    void ended(Status why) {
        cancelTimer();
        listener.onClosed(why, Metadata.EMPTY, Resend.NEVER);
    }

    private void pass(Consumer<ClientStream> action) {
        ClientStream opened = stream;
        if (opened == null) {
            synchronized (this) {
                opened = stream;
                if (opened == null) {
                    if (kept != null) {
                        kept.add(action);
                    }
                    return;
                }
            }
        }
        action.accept(opened);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
