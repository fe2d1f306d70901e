// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.interop.server.EchoMetadata;
import dev.peregrine.grpc.interop.server.InteropServer;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The client of grpc-java against our server. */
@Timeout(60)
class GrpcJavaClientTests {

    /** Beyond the official feature, grpc-java's client expects this one back, both ways. */
    private static final List<MetadataKey<?>> GRPC_JAVA_ECHO =
            List.of(MetadataKey.binary("google.protobuf.StringValue-bin"));

    private record ServerKind(Face face, Security security) {}

    private static final Map<ServerKind, Server> SERVERS = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws IOException {
        for (Face face : Face.values()) {
            for (Security security : Security.values()) {
                SERVERS.put(
                        new ServerKind(face, security),
                        InteropServer.start(
                                0, face, security.ofServer(), new EchoMetadata(GRPC_JAVA_ECHO, GRPC_JAVA_ECHO)));
            }
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(Server::close);
    }

    static Stream<Arguments> cases() {
        return GrpcJavaClient.CASES.keySet().stream()
                .flatMap(name ->
                        SERVERS.keySet().stream().map(server -> Arguments.of(name, server.face(), server.security())));
    }

    @ParameterizedTest(name = "{0}, {1} server, {2}")
    @MethodSource("cases")
    void isContentWithOurServer(String name, Face face, Security security) throws Exception {
        Server server = SERVERS.get(new ServerKind(face, security));
        new GrpcJavaClient(server.port(), security).run(GrpcJavaClient.CASES.get(name));
    }
}
