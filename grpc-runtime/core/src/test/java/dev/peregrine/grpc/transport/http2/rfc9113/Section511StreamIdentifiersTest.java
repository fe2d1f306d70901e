// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectConnectionError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113 §5.1.1, Stream Identifiers. That our own are odd and ascend is told in {@code ClientRequestTest}. */
@Timeout(60)
class Section511StreamIdentifiersTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @RegisterExtension
    final ClientScript script = new ClientScript();

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 1_000_000})
    void aStreamThatIsNotTheClientsCostsTheConnection(int streamId) {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(streamId, UNARY));

        expectConnectionError(peer, ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void aStreamBelowTheLastOneCostsTheConnection() {
        ScriptedPeer peer = server.greet();
        expectNextCallAnswered(peer, 5);

        peer.send(GrpcFrames.request(3, UNARY));

        assertThat(peer.expectGoAway(ErrorCode.PROTOCOL_ERROR).lastStreamId()).isEqualTo(5);
        assertThat(peer.expectClosed()).isEmpty();
    }

    @Test
    void streamNumbersMayBeSkippedUpToTheLast() {
        ScriptedPeer peer = server.greet();

        expectNextCallAnswered(peer, 101);
        expectNextCallAnswered(peer, Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 101})
    void anAnswerOnAStreamThatWeDidNotOpenEndsTheConnection(int streamId) {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);

        peer.send(GrpcFrames.response(streamId));

        assertThat(failureOf(call).status().code()).isEqualTo(StatusCode.UNAVAILABLE);
        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
    }
}
