// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Frames that have been received and not yet taken by the script, in the order of the wire. Safe to share. */
final class Inbox {

    private final List<Frame> frames = new ArrayList<>();
    private @Nullable String ending;
    private boolean breached;

    synchronized void add(Frame frame) {
        frames.add(frame);
        notifyAll();
    }

    /** Nothing will be added any more. */
    synchronized void end(String how, boolean breach) {
        if (ending == null) {
            ending = how;
            breached = breach;
            notifyAll();
        }
    }

    /** How the connection ended, or null while it has not. */
    synchronized @Nullable String ending() {
        return ending;
    }

    /** Whether it ended because the other side broke the protocol. */
    synchronized boolean isBreached() {
        return breached;
    }

    /**
     * Waits for the first frame that is wanted and takes it out; the others stay.
     *
     * @return null if it has not come in time, or cannot come: the connection has ended or given up
     */
    synchronized @Nullable Frame take(Predicate<Frame> wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        do {
            int index = indexOf(wanted);
            if (index >= 0) {
                return frames.remove(index);
            }
        } while (!isHopeless() && awaitChange(deadline));
        return null;
    }

    /**
     * Waits for the marker and takes it out, with everything wanted that came before it; the others stay.
     *
     * @return the frames before the marker; null as with {@link #take}
     */
    synchronized @Nullable List<Frame> takeUpTo(Frame marker, Predicate<Frame> wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        do {
            int index = frames.indexOf(marker);
            if (index >= 0) {
                frames.remove(index);
                return removeWanted(wanted, index);
            }
        } while (!isHopeless() && awaitChange(deadline));
        return null;
    }

    /** Waits for the end and takes out everything wanted; null if the end has not come in time. */
    synchronized @Nullable List<Frame> takeRest(Predicate<Frame> wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (ending == null) {
            if (!awaitChange(deadline)) {
                return null;
            }
        }
        return removeWanted(wanted, frames.size());
    }

    private List<Frame> removeWanted(Predicate<Frame> wanted, int end) {
        List<Frame> removed = new ArrayList<>();
        Iterator<Frame> inspected = frames.subList(0, end).iterator();
        while (inspected.hasNext()) {
            Frame frame = inspected.next();
            if (wanted.test(frame)) {
                removed.add(frame);
                inspected.remove();
            }
        }
        return removed;
    }

    private int indexOf(Predicate<Frame> wanted) {
        for (int i = 0; i < frames.size(); i++) {
            if (wanted.test(frames.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** A GOAWAY with an error is the last word of its sender. */
    private boolean isHopeless() {
        return ending != null
                || indexOf(frame -> frame instanceof Frame.GoAway goAway && goAway.errorCode() != ErrorCode.NO_ERROR)
                        >= 0;
    }

    /** False if the time is up. */
    private boolean awaitChange(long deadline) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        try {
            // Rounded up, so that a wait never spins through its last millisecond.
            wait(left / 1_000_000 + 1);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a frame", e);
        }
    }
}
