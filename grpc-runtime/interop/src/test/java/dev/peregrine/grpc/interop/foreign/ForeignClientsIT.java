// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.foreign;

import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.Security;
import dev.peregrine.grpc.interop.TestCertificates;
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

/**
 * Clients in other languages against our server, a process for each case. Over TLS, which does not know of faces, one face has
 * to do; and not the thousand calls at once, which take their time.
 */
@Timeout(600)
class ForeignClientsIT {

    private static final List<String> CASES = List.of(
            "empty_unary",
            "large_unary",
            "very_large_request",
            "client_compressed_unary",
            "server_compressed_unary",
            "client_compressed_streaming",
            "server_compressed_streaming",
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
    private static Server tlsServer;

    @BeforeAll
    static void start() throws IOException {
        for (Face face : Face.values()) {
            SERVERS.put(face, InteropServer.start(0, face));
        }
        tlsServer = InteropServer.start(0, Face.BLOCKING, Security.TLS.ofServer());
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(Server::close);
        tlsServer.close();
    }

    static Stream<Arguments> cases() {
        return Stream.of(Language.values())
                .flatMap(language -> CASES.stream()
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

    static Stream<Arguments> tlsCases() {
        return Stream.of(Language.values())
                .flatMap(language -> CASES.stream()
                        .filter(name -> !name.equals("concurrent_large_unary"))
                        .map(name -> Arguments.of(language, name)));
    }

    @ParameterizedTest(name = "{0} client, {1}, TLS")
    @MethodSource("tlsCases")
    void isContentWithOurServerOverTls(Language language, String name) throws Exception {
        try (ForeignProcess client = ForeignTools.run(
                language,
                "client",
                Integer.toString(tlsServer.port()),
                name,
                TestCertificates.authority().toString(),
                TestCertificates.SERVER_NAME)) {
            client.expectSuccess(Duration.ofMinutes(1));
        }
    }
}
