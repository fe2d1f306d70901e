// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import dev.peregrine.grpc.wire.RequestHead;

/** Where a server transport brings new calls. Called on the connection's thread. */
@FunctionalInterface
public interface CallAcceptor {

    /** Takes the call; what happens next is told to the returned listener. */
    ServerStreamListener accept(RequestHead head, ServerStream stream);
}
