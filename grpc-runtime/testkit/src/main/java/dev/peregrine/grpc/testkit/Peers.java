// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension, {@code @RegisterExtension final Peers peers = new Peers();}, that makes peers, closes them after the
 * test, and adds their conversations to whatever exception the test ended with, a failed assertion about a value
 * included.
 *
 * <p>A test that passed still fails if a peer's other side broke the protocol unnoticed.
 */
public final class Peers implements AfterTestExecutionCallback, AfterEachCallback {

    private final List<ScriptedPeer> clients = new ArrayList<>();
    private final List<ScriptedPeer.Server> servers = new ArrayList<>();

    /** As {@link ScriptedPeer#connectTo(int)}. */
    public ScriptedPeer connectTo(int port) {
        ScriptedPeer peer = ScriptedPeer.connectTo(port);
        clients.add(peer);
        return peer;
    }

    /** As {@link ScriptedPeer.Server#listen}. */
    public ScriptedPeer.Server listen() {
        ScriptedPeer.Server server = ScriptedPeer.Server.listen();
        servers.add(server);
        return server;
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        context.getExecutionException().ifPresent(failure -> {
            clients.forEach(peer -> add(failure, peer));
            servers.forEach(server -> server.accepted().forEach(peer -> add(failure, peer)));
        });
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<AssertionError> breaches = new ArrayList<>();
        clients.forEach(client -> close(client::close, breaches));
        servers.forEach(server -> close(server::close, breaches));
        clients.clear();
        servers.clear();
        if (!breaches.isEmpty()) {
            throw breaches.get(0);
        }
    }

    /** One peer's breach must not keep the others open. */
    private static void close(Runnable close, List<AssertionError> breaches) {
        try {
            close.run();
        } catch (AssertionError breach) {
            breaches.add(breach);
        }
    }

    private static void add(Throwable failure, ScriptedPeer peer) {
        String conversation = peer.conversation();
        if (failure.getMessage() == null || !failure.getMessage().contains(conversation)) {
            failure.addSuppressed(new Conversation(conversation));
        }
    }

    /** Not a failure by itself: the conversation that led to one, without a stack trace. */
    private static final class Conversation extends Exception {

        private static final long serialVersionUID = 1L;

        Conversation(String text) {
            super(text, null, false, false);
        }
    }
}
