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
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our client against our server, each face against each. */
@Timeout(60)
class OwnPeersTests {

    private static final Map<Face, Server> SERVERS = new EnumMap<>(Face.class);

    @BeforeAll
    static void start() throws IOException {
        for (Face face : Face.values()) {
            SERVERS.put(face, InteropServer.start(0, face));
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(Server::close);
    }

    static Stream<Arguments> cases() {
        return TestCases.names().stream()
                .filter(name -> !name.equals(ConcurrencyIT.CASE))
                .flatMap(name -> Stream.of(Face.values())
                        .flatMap(client -> Stream.of(Face.values()).map(server -> Arguments.of(name, client, server))));
    }

    @ParameterizedTest(name = "{0}, {1} client, {2} server")
    @MethodSource("cases")
    void understandEachOther(String name, Face client, Face server) {
        try (ManagedChannel channel = open(server)) {
            TestCases.named(name)
                    .run(TestStubs.of(channel, client, Metadata.EMPTY)
                            .withSoak(SoakPlan.DEFAULT.patient(), () -> open(server)));
        }
    }

    private static ManagedChannel open(Face server) {
        return ManagedChannel.builder("127.0.0.1:" + SERVERS.get(server).port()).build();
    }
}
