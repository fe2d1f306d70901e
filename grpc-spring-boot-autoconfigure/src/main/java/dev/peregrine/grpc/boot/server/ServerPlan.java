// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsSource;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server is made of, decided and checked before any server listens.
 *
 * @param tls null for plaintext
 */
record ServerPlan(
        String name,
        GrpcServerProperties properties,
        List<SocketAddress> addresses,
        List<ServedBean> services,
        @Nullable TlsSource<ServerTls> tls,
        ServiceOptions options,
        MessageEncodings encodings,
        HandlerThreads threads) {

    /** All but what customizers do. */
    Server.Builder builder() {
        Server.Builder server = Server.builder()
                .limits(properties.limits().toLimits())
                .connections(properties.connection().toPolicy(properties.keepalive()))
                .proxyProtocol(properties.proxyProtocol())
                .encodings(any -> encodings)
                .compression(properties.compression());
        addresses.forEach(server::address);
        services.forEach(service -> server.service(service.definition(), options.of(service)));
        if (tls != null) {
            server.tls(tls);
        }
        if (threads.executor() != null) {
            server.blockingExecutor(threads.executor());
        }
        if (properties.transport() != null) {
            server.socketEngine(properties.transport());
        }
        return server;
    }
}
