// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.foreign;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.client.SoakPlan;
import dev.peregrine.grpc.interop.client.TestCases;
import dev.peregrine.grpc.interop.client.TestStubs;
import dev.peregrine.grpc.interop.foreign.ForeignTools.Language;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our client against servers in other languages: every case we know and they can answer. */
@Timeout(600)
class ForeignServersIT {

    /**
     * What a server cannot do: neither shows its application whether a request came compressed, so that only the cases without
     * the probe remain; and grpc-js never compresses a response.
     */
    private static final Map<Language, Set<String>> BEYOND = Map.of(
            Language.GRPCIO,
            Set.of("client_compressed_unary", "client_compressed_streaming"),
            Language.GRPC_JS,
            Set.of(
                    "client_compressed_unary",
                    "client_compressed_streaming",
                    "server_compressed_unary",
                    "server_compressed_streaming"));

    private static final Map<Language, ForeignProcess> SERVERS = new EnumMap<>(Language.class);

    @BeforeAll
    static void start() throws IOException {
        for (Language language : Language.values()) {
            SERVERS.put(language, ForeignTools.run(language, "server"));
        }
    }

    @AfterAll
    static void stop() throws InterruptedException, IOException {
        for (ForeignProcess server : SERVERS.values()) {
            server.close();
        }
    }

    static Stream<Arguments> cases() {
        return Stream.of(Language.values())
                .flatMap(language -> TestCases.names().stream()
                        .filter(name -> !BEYOND.get(language).contains(name))
                        .flatMap(name -> Stream.of(Face.values()).map(face -> Arguments.of(language, name, face))));
    }

    @ParameterizedTest(name = "{0} server, {1}, {2} client")
    @MethodSource("cases")
    void pleasesOurClient(Language language, String name, Face face) throws InterruptedException {
        int port = SERVERS.get(language).port();
        try (ManagedChannel channel = open(port)) {
            TestCases.named(name)
                    .run(TestStubs.of(channel, face, Metadata.EMPTY)
                            .withSoak(SoakPlan.DEFAULT.patient(), () -> open(port)));
        }
    }

    private static ManagedChannel open(int port) {
        return ManagedChannel.builder("127.0.0.1:" + port).build();
    }
}
