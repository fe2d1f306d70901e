// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.Set;

/** Frames that keep a connection going and may come at any time; scripts speak of them only when they mean them. */
final class Background {

    private static final Set<Class<? extends Frame>> CLASSES =
            Set.of(Frame.Settings.class, Frame.Ping.class, Frame.WindowUpdate.class);

    private Background() {}

    static Set<Class<? extends Frame>> classes() {
        return CLASSES;
    }

    static boolean isNot(Frame frame) {
        return !CLASSES.contains(frame.getClass());
    }
}
