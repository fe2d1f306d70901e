// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.Status;

/** Hears what becomes of one connection. Called on the connection's thread. */
public interface ConnectionListener {

    /** Connected, and the peer's settings have arrived: calls may be opened. */
    void onReady(ClientConnection connection);

    /** New calls are not accepted from now on, because the server asked us to go elsewhere or the channel is shut down; told once. */
    void onDraining();

    /** The connection, or the attempt to make it, is over. The last thing said, exactly once. */
    void onClosed(Status why);
}
