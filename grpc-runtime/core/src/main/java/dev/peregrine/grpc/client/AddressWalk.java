// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.naming.Target;
import dev.peregrine.grpc.transport.ClientConnection;
import dev.peregrine.grpc.transport.ClientTransport;
import dev.peregrine.grpc.transport.ConnectionListener;
import java.net.SocketAddress;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * One walk over the addresses of a target, one after the other until one answers, and the connection it led to. Runs on the
 * transport's executor.
 */
final class AddressWalk implements ConnectionListener {

    private final Subchannel owner;
    private final ClientTransport transport;
    private final Target target;
    private final Iterator<SocketAddress> addresses;

    private ClientTransport.@Nullable Attempt connecting;
    private @Nullable ClientConnection connection;
    private boolean givenUp;
    private Status failure;

    AddressWalk(Subchannel owner, ClientTransport transport, Target target, Iterator<SocketAddress> addresses) {
        this.owner = owner;
        this.transport = transport;
        this.target = target;
        this.addresses = addresses;
        this.failure = Status.of(StatusCode.UNAVAILABLE, "no addresses were found for " + target);
    }

    /** Tries the next address. */
    void next() {
        while (addresses.hasNext()) {
            try {
                owner.walkStarted(this);
                connecting = transport.connect(addresses.next(), this);
                return;
            } catch (RuntimeException | Error thrown) { // As if the address had not answered: another one may.
                failed(Status.of(StatusCode.UNAVAILABLE, String.valueOf(thrown)).withCause(thrown));
            }
        }
        owner.walkOver(this);
        owner.connectFailed(failure);
    }

    /** Nobody needs it any more. */
    void close(boolean force) {
        givenUp = true;
        if (connection == null) {
            if (connecting != null) {
                connecting.abandon();
            }
        } else if (force) {
            connection.shutdownNow(Status.of(StatusCode.CANCELLED, "the channel to " + target + " was closed"));
        } else {
            connection.shutdown();
        }
    }

    @Override
    public void onReady(ClientConnection connection) {
        this.connection = connection;
        if (givenUp) {
            connection.shutdown();
        } else {
            owner.becameReady(connection);
        }
    }

    @Override
    public void onDraining() {
        if (connection != null) {
            owner.lost(connection);
        }
    }

    @Override
    public void onClosed(Status why) {
        if (connection != null) {
            owner.lost(connection);
            owner.walkOver(this);
        } else if (givenUp) {
            owner.walkOver(this);
        } else {
            failed(why);
            next();
        }
    }

    private void failed(Status why) {
        failure = Status.of(StatusCode.UNAVAILABLE, "no connection to " + target + ": " + why.description())
                .withCause(why.cause());
    }
}
