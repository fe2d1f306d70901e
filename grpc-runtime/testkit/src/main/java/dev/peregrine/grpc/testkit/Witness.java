// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** What was heard, waited for with bounded patience, and told with the whole conversation when it is not as expected. */
final class Witness {

    private final Line line;
    private final String title;
    private Duration patience = ScriptedPeer.PATIENCE;
    private boolean breachReported;

    Witness(Line line) {
        this.line = line;
        this.title = "Conversation (-> said by the script as " + line.role() + ", <- heard from the "
                + line.role().other() + " at " + line.socket().getRemoteSocketAddress() + "):";
    }

    Duration patience() {
        return patience;
    }

    void setPatience(Duration longest) {
        patience = longest;
    }

    /**
     * Takes the next frame.
     *
     * @param expected in words
     * @param next which frame is the next one
     * @param right what is expected of it
     */
    Frame take(String expected, Predicate<Frame> next, Predicate<Frame> right) {
        line.startReading();
        Frame frame = line.inbox().take(next, patience);
        if (frame == null) {
            throw failure("expected " + expected + ", but " + whyNothingCame());
        }
        if (!right.test(frame)) {
            throw failure("expected " + expected + ", but found " + frame);
        }
        return frame;
    }

    /** Takes the marker and what is wanted of the frames before it. */
    List<Frame> takeUpTo(Frame marker, Predicate<Frame> wanted) {
        line.startReading();
        List<Frame> seen = line.inbox().takeUpTo(marker, wanted, patience);
        if (seen == null) {
            throw failure("expected " + marker + ", but " + whyNothingCame());
        }
        return seen;
    }

    /** Waits for the end and takes what is wanted of the frames before it. */
    List<Frame> takeRest(Predicate<Frame> wanted) {
        line.startReading();
        List<Frame> rest = line.inbox().takeRest(wanted, patience);
        if (rest == null) {
            throw failure("expected the connection to be closed, but it is still open after " + patience);
        }
        if (line.inbox().isBreached()) {
            throw failure("expected the connection to be closed, but it ended with a "
                    + line.inbox().ending());
        }
        return rest;
    }

    /** Fails if the other side broke the protocol and no failure has said so yet. */
    void reportUnnoticedBreach() {
        if (line.inbox().isBreached() && !breachReported) {
            throw failure("unnoticed so far: " + line.inbox().ending());
        }
    }

    /** An error with the conversation behind it. */
    AssertionError failure(String what) {
        breachReported |= line.inbox().isBreached();
        return new AssertionError(what + "\n" + conversation());
    }

    /** The transcript under its title. */
    String conversation() {
        return title + "\n" + line.transcript().text();
    }

    private String whyNothingCame() {
        String ending = line.inbox().ending();
        if (ending != null) {
            return "the connection has ended: " + ending;
        }
        Frame goAway = line.inbox().take(Frame.GoAway.class::isInstance, Duration.ZERO);
        return goAway != null ? "found " + goAway : "nothing came within " + patience;
    }
}
