// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** What a client may be called: anything but the names that mean something else under {@code grpc.client}. */
final class ClientNames {

    /** The switch for all clients; so that it means one thing, no client has this name. */
    static final String ENABLED = "enabled";

    private ClientNames() {}

    /**
     * @param where who names the client, for the message
     * @throws FailureAnalyzedException if no client can have this name
     */
    static void require(String name, String where) {
        if (name.equals(ClientSettings.DEFAULT)) {
            throw new FailureAnalyzedException(
                    where + " names no client: what is set under grpc.client." + name + " counts for all clients.",
                    "Give the client a name of its own, such as 'greeter'; it takes what it does not set from grpc.client."
                            + name + ", the target too.");
        }
        if (name.equals(ENABLED)) {
            throw new FailureAnalyzedException(
                    where + " names no client: grpc.client." + name + " says whether there are clients at all.",
                    "Give the client another name, such as 'greeter'.");
        }
    }
}
