// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.SocketEngine;
import org.junit.jupiter.api.Assumptions;

/** The engines of this machine. A test that needs another is skipped, and says why. */
final class Engines {

    private Engines() {}

    static void assumeWorks(SocketEngine engine) {
        String reason = whyNot(engine);
        Assumptions.assumeTrue(reason == null, "sockets of " + engine + " do not work here: " + reason);
    }

    static boolean works(SocketEngine engine) {
        return whyNot(engine) == null;
    }

    private static String whyNot(SocketEngine engine) {
        try {
            EventLoops.release(EventLoops.acquire(engine));
            return null;
        } catch (IllegalStateException no) {
            return no.getMessage();
        }
    }
}
