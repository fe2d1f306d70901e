// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.client.SoakPlan;
import dev.peregrine.grpc.interop.client.TestCases;
import dev.peregrine.grpc.interop.client.TestStubs;
import java.io.IOException;
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

    /**
     * grpc-java's server does not look whether a request came compressed, so that only the cases without the probe remain;
     * and it never compresses a stream of responses.
     */
    private static final Set<String> BEYOND_GRPC_JAVA =
            Set.of("client_compressed_unary", "client_compressed_streaming", "server_compressed_streaming");

    private static GrpcJavaServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new GrpcJavaServer();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.close();
    }

    /** grpc-java's server does not tell its server_id, which is all that pick_first_unary looks at. */
    static Stream<Arguments> cases() {
        return TestCases.names().stream()
                .filter(name -> !name.equals("pick_first_unary") && !name.equals(ConcurrencyIT.CASE))
                .filter(name -> !BEYOND_GRPC_JAVA.contains(name))
                .flatMap(name -> Stream.of(Face.values()).map(face -> Arguments.of(name, face)));
    }

    @ParameterizedTest(name = "{0}, {1} client")
    @MethodSource("cases")
    void pleasesOurClient(String name, Face face) {
        try (ManagedChannel channel = open()) {
            TestCases.named(name)
                    .run(TestStubs.of(channel, face, Metadata.EMPTY)
                            .withSoak(SoakPlan.DEFAULT.patient(), GrpcJavaServerTests::open));
        }
    }

    private static ManagedChannel open() {
        return ManagedChannel.builder("127.0.0.1:" + server.port()).build();
    }
}
