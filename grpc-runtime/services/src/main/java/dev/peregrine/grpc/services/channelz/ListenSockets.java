// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.channelz;

import dev.peregrine.grpc.channelz.v1.Socket;
import dev.peregrine.grpc.channelz.v1.SocketRef;
import dev.peregrine.grpc.observe.ObservedId;
import dev.peregrine.grpc.observe.ServerSnapshot;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The addresses at which servers listen, which have no ids of their own before channelz gives them some. Of the servers that
 * were asked for last; an application has few. For any thread.
 */
final class ListenSockets {

    /** More than any application listens on; beyond it the oldest are forgotten, as their servers have been. */
    private static final int MOST = 1000;

    private record Place(long server, SocketAddress address) {}

    private final Map<Place, Long> ids = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Long> eldest) {
            return size() > MOST;
        }
    };

    synchronized List<SocketRef> of(ServerSnapshot server) {
        return server.addresses().stream()
                .map(address -> SocketRef.newBuilder()
                        .setSocketId(ids.computeIfAbsent(new Place(server.id(), address), place -> ObservedId.next()))
                        .setName(Addresses.text(address))
                        .build())
                .toList();
    }

    synchronized Optional<Socket> find(long id) {
        return ids.entrySet().stream()
                .filter(entry -> entry.getValue() == id)
                .map(entry -> socket(id, entry.getKey().address()))
                .findFirst();
    }

    private static Socket socket(long id, SocketAddress address) {
        return Socket.newBuilder()
                .setRef(SocketRef.newBuilder().setSocketId(id).setName(Addresses.text(address)))
                .setLocal(Addresses.message(address))
                .build();
    }
}
