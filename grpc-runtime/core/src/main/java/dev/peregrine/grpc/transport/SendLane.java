// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one end of a call that compresses has to say, in order. Messages are compressed on the sender's thread; if that is
 * an event loop and the message large, on an {@link OffLoop} thread, and then whatever is said behind it waits.
 *
 * <p>Thread rule: one sender at a time; {@link #isClear} from any thread.
 */
public final class SendLane {

    /** Compressing this much takes some hundreds of microseconds; more would hold up the other calls of the event loop. */
    private static final int COMPRESSED_IN_PLACE = 16 << 10;

    private static final System.Logger LOG = System.getLogger(SendLane.class.getName());

    private final UnaryOperator<OutboundMessage<?>> compression;
    private final Runnable onClear;

    /** What waits or is being done elsewhere. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** Most calls never need it. */
    private @Nullable SerialEvents elsewhere;

    /**
     * @param compression returns the message to send instead, or the same; must not throw
     * @param onClear runs on another thread when the lane has become clear
     */
    public SendLane(UnaryOperator<OutboundMessage<?>> compression, Runnable onClear) {
        this.compression = compression;
        this.onClear = onClear;
    }

    /** Compresses the message and passes it on. */
    public void message(OutboundMessage<?> message, Consumer<OutboundMessage<?>> next) {
        if (isClear() && (message.length() <= COMPRESSED_IN_PLACE || !TransportThread.isEventLoop())) {
            next.accept(compression.apply(message));
        } else {
            add(() -> next.accept(compression.apply(message)));
        }
    }

    /** Does something else, behind the messages. */
    public void step(Runnable step) {
        if (isClear()) {
            step.run();
        } else {
            add(step);
        }
    }

    /** Whether nothing waits: until then, more should not be sent. */
    public boolean isClear() {
        return waiting.get() == 0;
    }

    private void add(Runnable step) {
        waiting.incrementAndGet();
        if (elsewhere == null) {
            elsewhere = new SerialEvents(OffLoop.EXECUTOR);
        }
        elsewhere.offer(() -> {
            try {
                step.run();
            } catch (RuntimeException | Error thrown) { // What follows must not wait for ever.
                LOG.log(System.Logger.Level.ERROR, "something to be sent failed", thrown);
            }
            if (waiting.decrementAndGet() == 0) {
                onClear.run();
            }
        });
    }
}
