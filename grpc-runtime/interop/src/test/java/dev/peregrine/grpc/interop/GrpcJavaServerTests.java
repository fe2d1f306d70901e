// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.client.SoakPlan;
import dev.peregrine.grpc.interop.client.TestCases;
import dev.peregrine.grpc.interop.client.TestStubs;
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

/** Our client against the server of grpc-java. */
@Timeout(60)
class GrpcJavaServerTests {

    private static final Set<String> LEFT_OUT = Set.of(
            // That server does not look whether a request came compressed; the cases without the probe remain.
            "client_compressed_unary",
            "client_compressed_streaming",
            // It never compresses a stream of responses.
            "server_compressed_streaming",
            // It does not tell its server_id, which is all that this case looks at.
            "pick_first_unary",
            // It is tried elsewhere.
            ConcurrencyIT.CASE);

    private static final Map<Security, GrpcJavaServer> SERVERS = new EnumMap<>(Security.class);

    @BeforeAll
    static void start() throws IOException {
        for (Security security : Security.values()) {
            SERVERS.put(security, new GrpcJavaServer(security));
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        for (GrpcJavaServer server : SERVERS.values()) {
            server.close();
        }
    }

    static Stream<Arguments> cases() {
        return TestCases.names().stream()
                .filter(name -> !LEFT_OUT.contains(name))
                .flatMap(name -> Stream.of(Face.values())
                        .flatMap(face ->
                                Stream.of(Security.values()).map(security -> Arguments.of(name, face, security))));
    }

    @ParameterizedTest(name = "{0}, {1} client, {2}")
    @MethodSource("cases")
    void pleasesOurClient(String name, Face face, Security security) {
        int port = SERVERS.get(security).port();
        try (ManagedChannel channel = security.channel(port)) {
            TestCases.named(name)
                    .run(TestStubs.of(channel, face, Metadata.EMPTY)
                            .withSoak(SoakPlan.DEFAULT.patient(), () -> security.channel(port)));
        }
    }
}
