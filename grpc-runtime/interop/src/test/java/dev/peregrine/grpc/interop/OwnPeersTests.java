// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.client.SoakPlan;
import dev.peregrine.grpc.interop.client.TestCases;
import dev.peregrine.grpc.interop.client.TestStubs;
import dev.peregrine.grpc.interop.server.InteropServer;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our client against our server, each face against each; over TLS, which does not know of faces, each against itself. */
@Timeout(60)
class OwnPeersTests {

    private record ServerKind(Face face, Security security) {}

    private static final Map<ServerKind, Server> SERVERS = new HashMap<>();

    @BeforeAll
    static void start() throws IOException {
        for (Face face : Face.values()) {
            for (Security security : Security.values()) {
                SERVERS.put(new ServerKind(face, security), InteropServer.start(0, face, security.ofServer()));
            }
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(Server::close);
    }

    static Stream<Arguments> cases() {
        return TestCases.names().stream()
                .filter(name -> !name.equals(ConcurrencyIT.CASE))
                .flatMap(OwnPeersTests::pairs);
    }

    private static Stream<Arguments> pairs(String name) {
        List<Arguments> pairs = new ArrayList<>();
        for (Face client : Face.values()) {
            for (Face server : Face.values()) {
                pairs.add(Arguments.of(name, client, server, Security.PLAINTEXT));
            }
            pairs.add(Arguments.of(name, client, client, Security.TLS));
        }
        return pairs.stream();
    }

    @ParameterizedTest(name = "{0}, {1} client, {2} server, {3}")
    @MethodSource("cases")
    void understandEachOther(String name, Face client, Face server, Security security) {
        int port = SERVERS.get(new ServerKind(server, security)).port();
        try (ManagedChannel channel = security.channel(port)) {
            TestCases.named(name)
                    .run(TestStubs.of(channel, client, Metadata.EMPTY)
                            .withSoak(SoakPlan.DEFAULT.patient(), () -> security.channel(port)));
        }
    }
}
