// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.Status;

/** Hears what becomes of one connection. Called on the connection's thread. */
public interface ConnectionListener {

    /** Connected, and the peer's settings have arrived: calls may be opened. */
    void onReady(ClientConnection connection);

    /** The server asked us to go elsewhere: calls that are open may finish, new ones are not accepted. */
    void onDraining();

    /** The connection, or the attempt to make it, is over. The last thing said, exactly once. */
    void onClosed(Status why);
}
