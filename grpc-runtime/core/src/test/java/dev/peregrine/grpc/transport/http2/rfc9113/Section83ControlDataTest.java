// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectStreamError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * RFC 9113 §8.3, HTTP Control Data: pseudo-header fields, of requests (§8.3.1), of CONNECT (§8.5); of responses they
 * are told in {@code ClientResponseTest}.
 */
@Timeout(60)
class Section83ControlDataTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    static Stream<Frame.Headers> malformed() {
        Frame.Headers lawful = GrpcFrames.request(1, UNARY);
        return Stream.of(
                lawful.without(":path"),
                lawful.without(":method"),
                lawful.without(":scheme"),
                lawful.without(":authority").plus(":authority", "behind the others"),
                lawful.without(":path").plus(":path", UNARY),
                first(":path", UNARY, lawful),
                first(":method", "POST", lawful),
                first(":scheme", "http", lawful),
                first(":authority", "127.0.0.1", lawful),
                first(":status", "200", lawful),
                first(":protocol", "websocket", lawful),
                first(":unknown", "", lawful),
                lawful.with(":path", ""),
                lawful.with(":scheme", ""),
                lawful.with(":scheme", "http://127.0.0.1/?"),
                lawful.with(":scheme", "1http"),
                lawful.with(":authority", "user@127.0.0.1"),
                lawful.with(":authority", "user:password@127.0.0.1"),
                lawful.without(":authority").plus("host", "user@127.0.0.1"),
                lawful.with(":method", "CONNECT"),
                new Frame.Headers(1, List.of(), true));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aRequestWithMalformedControlDataCostsItsStream(Frame.Headers request) {
        ScriptedPeer peer = server.greet();

        peer.send(request);

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
    }

    /** The request of a call may come through a gateway that ends TLS. */
    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void bothSchemesAreTaken(String scheme) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).with(":scheme", scheme), lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    /** gRPC's grammar has it so: decision 19. */
    @Test
    void theAuthorityMayBeLeftOut() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).without(":authority"), lastText(1, "hi"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    @Test
    void aTunnelIsNotServed() {
        ScriptedPeer peer = server.greet();

        peer.send(new Frame.Headers(1, Header.list(":method", "CONNECT", ":authority", "example.com:443"), false));

        assertThat(peer.expectHeaders(1).first(":status")).contains("405");
        assertThat(peer.expectData(1).endStream()).isTrue();
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        expectNextCallAnswered(peer, 3);
    }

    private static Frame.Headers first(String name, String value, Frame.Headers request) {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header(name, value));
        headers.addAll(request.headers());
        return new Frame.Headers(request.streamId(), headers, request.endStream());
    }
}
