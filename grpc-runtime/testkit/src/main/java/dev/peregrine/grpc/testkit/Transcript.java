// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The conversation so far, for people to read: {@code ->} is what the script said, {@code <-} what it heard. Equal lines
 * in a row become one with a count, and of a very long conversation the middle is forgotten, so that a flood of frames
 * costs neither memory nor patience.
 */
final class Transcript {

    private static final int FIRST_KEPT = 50;
    private static final int LAST_KEPT = 200;

    private static final class Line {
        private final String text;
        private int times = 1;

        Line(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return times == 1 ? text : text + "  (" + times + " times)";
        }
    }

    private final List<Line> first = new ArrayList<>();
    private final Deque<Line> last = new ArrayDeque<>();
    private Line latest = new Line("");
    private long forgotten;

    void said(Object what) {
        add("-> " + what);
    }

    void heard(Object what) {
        add("<- " + what);
    }

    /** One line per frame, without a line feed at the end. */
    synchronized String text() {
        List<String> lines = new ArrayList<>();
        first.forEach(line -> lines.add(line.toString()));
        if (forgotten > 0) {
            lines.add("   ... " + forgotten + " lines ...");
        }
        last.forEach(line -> lines.add(line.toString()));
        return String.join("\n", lines);
    }

    private synchronized void add(String text) {
        if (text.equals(latest.text)) {
            latest.times++;
            return;
        }
        latest = new Line(text);
        if (first.size() < FIRST_KEPT) {
            first.add(latest);
            return;
        }
        last.add(latest);
        if (last.size() > LAST_KEPT) {
            last.remove();
            forgotten++;
        }
    }
}
