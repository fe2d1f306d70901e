// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.util.concurrent.CompletableFuture;

/** Two scripted peers at the ends of one connection. */
record Pair(ScriptedPeer client, ScriptedPeer server) {

    /** Connected; nothing has been said. */
    static Pair silent(Peers peers) {
        ScriptedPeer.Server server = peers.listen();
        ScriptedPeer client = peers.connectTo(server.port());
        return new Pair(client, server.accept());
    }

    static Pair afterHandshake(Peers peers) {
        return afterHandshake(peers, new Frame.Settings(), new Frame.Settings());
    }

    static Pair afterHandshake(Peers peers, Frame.Settings ofClient, Frame.Settings ofServer) {
        Pair pair = silent(peers);
        CompletableFuture<?> other = CompletableFuture.runAsync(() -> pair.client.handshake(ofClient));
        pair.server.handshake(ofServer);
        other.join();
        return pair;
    }

    /** Waits, without asking the witness, until it has heard all it will ever hear. */
    static void awaitEnd(ScriptedPeer witness) {
        assertTimeoutPreemptively(ScriptedPeer.PATIENCE, () -> {
            while (!witness.hasHeardTheEnd()) {
                Thread.onSpinWait();
            }
        });
    }
}
