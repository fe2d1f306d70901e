// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.foreign;

import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.client.TestCases;
import dev.peregrine.grpc.interop.foreign.ForeignTools.Language;
import dev.peregrine.grpc.interop.server.InteropServer;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients in other languages against our server, a process for each case. */
@Timeout(600)
class ForeignClientsIT {

    private static final List<String> CASES = List.of(
            "empty_unary",
            "large_unary",
            "client_compressed_unary",
            "server_compressed_unary",
            "server_compressed_streaming",
            "very_large_request",
            "client_streaming",
            "server_streaming",
            "ping_pong",
            "empty_stream",
            "custom_metadata",
            "status_code_and_message",
            "special_status_message",
            "unimplemented_method",
            "unimplemented_service",
            "cancel_after_begin",
            "cancel_after_first_response",
            "timeout_on_sleeping_server",
            "pick_first_unary",
            "concurrent_large_unary");

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
        return Stream.of(Language.values())
                .flatMap(language -> CASES.stream()
                        .filter(TestCases.names()::contains) // What we do not offer says nothing about our server.
                        .flatMap(name -> Stream.of(Face.values()).map(face -> Arguments.of(language, name, face))));
    }

    @ParameterizedTest(name = "{0} client, {1}, {2} server")
    @MethodSource("cases")
    void isContentWithOurServer(Language language, String name, Face face) throws Exception {
        String port = Integer.toString(SERVERS.get(face).port());
        try (ForeignProcess client = ForeignTools.run(language, "client", port, name)) {
            client.expectSuccess(Duration.ofMinutes(8));
        }
    }
}
