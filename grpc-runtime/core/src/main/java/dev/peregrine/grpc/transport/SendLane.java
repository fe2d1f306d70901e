// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one end of a call that compresses has to say, in order. Messages are compressed on the sender's thread; if that is
 * an event loop and the message large, on an {@link CodecThreads} thread, and then whatever is said behind it waits.
 *
 * <p>Thread rule: one sender at a time; {@link #isClear} from any thread.
 */
public final class SendLane {

    /** Compressing this much takes some hundreds of microseconds; more would hold up the other calls of the event loop. */
    private static final int COMPRESSED_IN_PLACE = 16 << 10;

    private static final System.Logger LOG = System.getLogger(SendLane.class.getName());

    private final Function<OutboundMessage<?>, byte[]> compression;
    private final Runnable onClear;
    private final Consumer<Throwable> onFailure;

    /** Set once something could not be sent: what is behind it is not to arrive without it. */
    private volatile boolean broken;

    /** The sender's. */
    private boolean plain;

    /** What waits or is being done elsewhere. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** Most calls never need it. */
    private @Nullable SerialEvents elsewhere;

    /**
     * @param compression returns the compressed bytes of a message, or none if it is better sent as it is
     * @param onClear runs on another thread when the lane has become clear
     * @param onFailure hears, on another thread, why something that waited could not be sent; whatever is behind it is
     *     dropped, and the call is to end
     */
    public SendLane(Function<OutboundMessage<?>, byte[]> compression, Runnable onClear, Consumer<Throwable> onFailure) {
        this.compression = compression;
        this.onClear = onClear;
        this.onFailure = onFailure;
    }

    /** Whether messages from now on are sent as they are. */
    public void sendPlain(boolean plain) {
        this.plain = plain;
    }

    /**
     * Compresses the message, unless it is to be plain, and passes it on. What is thrown on the sender's thread reaches the
     * sender.
     */
    public void message(OutboundMessage<?> message, Consumer<OutboundMessage<?>> next) {
        if (broken) {
            return;
        }
        if (plain) {
            step(() -> next.accept(message));
        } else if (isClear() && (message.length() <= COMPRESSED_IN_PLACE || !TransportThread.isEventLoop())) {
            next.accept(compressed(message));
        } else {
            add(() -> next.accept(compressed(message)));
        }
    }

    private OutboundMessage<?> compressed(OutboundMessage<?> message) {
        byte[] bytes = compression.apply(message);
        return bytes.length == 0 ? message : OutboundMessage.compressed(bytes);
    }

    /** Does something else, behind the messages. */
    public void step(Runnable step) {
        if (!isClear()) {
            add(step);
        } else if (!broken) {
            step.run();
        }
    }

    /** Whether nothing waits: until then, more should not be sent. */
    public boolean isClear() {
        return waiting.get() == 0;
    }

    private void runUnlessBroken(Runnable step) {
        if (broken) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error thrown) {
            broken = true;
            LOG.log(System.Logger.Level.ERROR, "a message could not be sent", thrown);
            onFailure.accept(thrown);
        }
    }

    private void add(Runnable step) {
        waiting.incrementAndGet();
        if (elsewhere == null) {
            elsewhere = new SerialEvents(CodecThreads.EXECUTOR);
        }
        elsewhere.offer(() -> {
            runUnlessBroken(step);
            if (waiting.decrementAndGet() == 0) {
                onClear.run();
            }
        });
    }
}
