// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The SETTINGS that we have sent, and how far the other side has acknowledged them; RFC 9113, section 6.5.3. */
final class AnnouncedSettings {

    private static final long DEFAULT_INITIAL_WINDOW = 65_535;

    private final Deque<Frame.Settings> unacknowledged = new ArrayDeque<>();
    private long acknowledgedInitialWindow = DEFAULT_INITIAL_WINDOW;

    void announce(Frame.Settings settings) {
        unacknowledged.add(settings);
    }

    /** The oldest SETTINGS not acknowledged before, or null if there are none. */
    Frame.@Nullable Settings acknowledged() {
        Frame.Settings settings = unacknowledged.poll();
        if (settings != null) {
            acknowledgedInitialWindow =
                    settings.values().getOrDefault(Setting.INITIAL_WINDOW_SIZE, acknowledgedInitialWindow);
        }
        return settings;
    }

    /** The largest that the other side may believe in: it need not have read the newest SETTINGS yet. */
    long initialWindow() {
        long largest = acknowledgedInitialWindow;
        for (Frame.Settings settings : unacknowledged) {
            largest = Math.max(largest, settings.values().getOrDefault(Setting.INITIAL_WINDOW_SIZE, largest));
        }
        return largest;
    }
}
