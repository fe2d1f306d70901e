// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** How a connection begins (RFC 9113 §3.4): what we say first, and how long we wait for the peer's first words. */
final class Greeting {

    private static final System.Logger LOG = System.getLogger(Greeting.class.getName());

    private final Connection connection;
    private final Role role;
    private @Nullable Future<?> timer;
    private boolean said;

    Greeting(Connection connection, Role role) {
        this.connection = connection;
        this.role = role;
    }

    /** The socket is there. */
    void start() {
        if (timer != null) {
            return;
        }
        timer = connection.later(
                this::timedOut, connection.limits().handshakeTimeout().toNanos());
        if (role.speaksFirst()) {
            say();
            connection.flush();
        }
    }

    /** Says what each end has to say first, unless it is said already. */
    void say() {
        if (said) {
            return;
        }
        said = true;
        role.greet();
        // SETTINGS cannot set the connection's window, so WINDOW_UPDATE does (RFC 9113 §6.9.2).
        int more = ConnectionWindows.ofConnection(connection.limits()) - SendWindow.INITIAL;
        if (more > 0) {
            connection.output().windowUpdate(0, more);
        }
    }

    /** The peer has said its first words. */
    void answered() {
        stopWaiting();
        role.handshakeDone();
    }

    /** Whether the answer comes or not does not matter any more. */
    void stopWaiting() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void timedOut() {
        boolean inTls = connection.isShakingHands();
        String text = (inTls ? "the TLS handshake did not end within " : "no HTTP/2 settings came within ")
                + Spans.text(connection.limits().handshakeTimeout());
        LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", connection, text);
        // Within a handshake nothing that we say could be read.
        long linger = inTls ? 0 : Farewell.LINGER_MILLIS;
        connection.farewell().closeSoon(Status.of(StatusCode.UNAVAILABLE, text), linger);
    }
}
