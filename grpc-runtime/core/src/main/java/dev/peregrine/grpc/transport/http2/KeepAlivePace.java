// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.KeepAlive;
import dev.peregrine.grpc.wire.ErrorCode;
import java.time.Duration;

/**
 * How often the connections of one channel ask their server whether it is there: as the application said, but half as often
 * each time the server complained (gRFC A8). Confined to the channel's event loop.
 */
final class KeepAlivePace {

    /** What a server says, together with ENHANCE_YOUR_CALM. */
    private static final String COMPLAINT = "too_many_pings";

    private static final System.Logger LOG = System.getLogger(KeepAlivePace.class.getName());

    private final KeepAlive policy;
    private Duration time;
    private boolean logged;

    KeepAlivePace(KeepAlive policy) {
        this.policy = policy;
        this.time = policy.time();
    }

    KeepAlive policy() {
        return policy;
    }

    /** The silence allowed from now on. */
    Duration time() {
        return time;
    }

    /** The server went away, and this is why. */
    void serverLeft(long errorCode, String debug, Object connection) {
        if (errorCode != ErrorCode.ENHANCE_YOUR_CALM || !debug.equals(COMPLAINT)) {
            return;
        }
        if (time.compareTo(KeepAlive.NEVER.dividedBy(2)) < 0) {
            time = time.multipliedBy(2);
        }
        if (!logged) {
            logged = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the server of {0} closed it as it was asked too often whether it is there ({1});"
                            + " later connections of this channel ask after {2} of silence, and half as often after each"
                            + " further complaint",
                    connection,
                    COMPLAINT,
                    time);
        }
    }
}
