// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.actuate;

import dev.peregrine.grpc.boot.Addresses;
import dev.peregrine.grpc.boot.server.GrpcServers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Says in {@code /actuator/info}, under {@code grpc}, where the servers listen and which services they have. */
final class GrpcInfoContributor implements InfoContributor {

    private final ObjectProvider<GrpcServers> servers;

    GrpcInfoContributor(ObjectProvider<GrpcServers> servers) {
        this.servers = servers;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> running = new LinkedHashMap<>();
        servers.ifAvailable(all -> all.running().forEach((name, server) -> {
            List<String> addresses =
                    server.addresses().stream().map(Addresses::text).toList();
            List<String> services = server.services().stream()
                    .map(service -> service.name())
                    .sorted()
                    .toList();
            running.put(name, Map.of("addresses", addresses, "services", services));
        }));
        builder.withDetail("grpc", Map.of("servers", running));
    }
}
