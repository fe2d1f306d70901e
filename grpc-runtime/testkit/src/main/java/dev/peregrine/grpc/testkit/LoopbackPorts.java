// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that go and come back to the same one. */
public final class LoopbackPorts {

    /** Systems give outgoing connections ports from 32768 (Linux) or 49152 (most others) on. */
    private static final int FIRST = 20_000;

    private static final int BEHIND_LAST = 32_000;

    private LoopbackPorts() {}

    /**
     * A port on which nobody listens. Other than one that a server gets for port 0, it is not among those that any outgoing
     * connection of this machine may take while the server is away.
     *
     * @throws IOException if sockets cannot be opened at all
     */
    public static int lasting() throws IOException {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEHIND_LAST);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException taken) {
                continue;
            }
        }
        throw new IllegalStateException("1000 ports from " + FIRST + " to " + BEHIND_LAST + " are all taken");
    }
}
