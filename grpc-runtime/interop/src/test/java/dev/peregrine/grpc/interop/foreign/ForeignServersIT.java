// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.foreign;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.Security;
import dev.peregrine.grpc.interop.TestCertificates;
import dev.peregrine.grpc.interop.client.SoakPlan;
import dev.peregrine.grpc.interop.client.TestCases;
import dev.peregrine.grpc.interop.client.TestStubs;
import dev.peregrine.grpc.interop.foreign.ForeignTools.Language;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our client against servers in other languages: every case we know and they can answer. The thousand calls at once, which take
 * their time, not over TLS.
 */
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

    private record ServerKind(Language language, Security security) {}

    private static final Map<ServerKind, ForeignProcess> SERVERS = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws IOException {
        for (Language language : Language.values()) {
            SERVERS.put(new ServerKind(language, Security.PLAINTEXT), ForeignTools.run(language, "server"));
            SERVERS.put(
                    new ServerKind(language, Security.TLS),
                    ForeignTools.run(
                            language,
                            "server",
                            TestCertificates.serverChain().toString(),
                            TestCertificates.serverKey().toString()));
        }
    }

    @AfterAll
    static void stop() throws InterruptedException, IOException {
        for (ForeignProcess server : SERVERS.values()) {
            server.close();
        }
    }

    static Stream<Arguments> cases() {
        return SERVERS.keySet().stream()
                .flatMap(server -> TestCases.names().stream()
                        .filter(name -> !BEYOND.get(server.language()).contains(name))
                        .filter(name ->
                                server.security() == Security.PLAINTEXT || !name.equals("concurrent_large_unary"))
                        .flatMap(name -> Stream.of(Face.values())
                                .map(face -> Arguments.of(server.language(), name, face, server.security()))));
    }

    @ParameterizedTest(name = "{0} server, {1}, {2} client, {3}")
    @MethodSource("cases")
    void pleasesOurClient(Language language, String name, Face face, Security security) throws InterruptedException {
        int port = SERVERS.get(new ServerKind(language, security)).port();
        try (ManagedChannel channel = security.channel(port)) {
            TestCases.named(name)
                    .run(TestStubs.of(channel, face, Metadata.EMPTY)
                            .withSoak(SoakPlan.DEFAULT.patient(), () -> security.channel(port)));
        }
    }
}
