// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * RFC 9113 §10.5.1, Limits on Field Block Size, from the side of who sends; what we do with blocks that are too large
 * is told in {@code HeaderBombTest}.
 */
@Timeout(60)
class Section1051FieldBlockLimitsTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @RegisterExtension
    final ClientScript script = new ClientScript();

    // ---- answers ----

    @Test
    void responseHeadersThatTheClientDoesNotAcceptFailTheCallInTheirPlace() {
        server.unary(text -> {
            if (text.equals("much")) {
                CallContext.current().addResponseHeaders(large());
            }
            return "re: " + text;
        });
        ScriptedPeer peer = accepting(1_000);

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "much"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.isTrailersOnly()).isTrue();
        assertThat(response.status()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
        assertThat(response.statusMessage())
                .contains("the response's metadata is larger than the 1000 bytes that the client accepts");
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void trailersThatTheClientDoesNotAcceptMakeASuccessAFailure() {
        server.unary(text -> {
            if (text.equals("much")) {
                CallContext.current().addResponseTrailers(large());
            }
            return "re: " + text;
        });
        ScriptedPeer peer = accepting(1_000);

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "much"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.status()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.value());
        assertThat(Header.first(response.trailers(), "x-large")).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    @Test
    void anErrorKeepsItsCodeAndTheBeginningOfItsText() {
        server.unary(text -> {
            if (text.equals("next")) {
                return "re: next";
            }
            throw new StatusException(Status.of(StatusCode.NOT_FOUND, "no such thing: " + "y".repeat(2_000)), large());
        });
        ScriptedPeer peer = accepting(1_000);

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "much"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.status()).isEqualTo(StatusCode.NOT_FOUND.value());
        assertThat(response.statusMessage().orElse(""))
                .startsWith("no such thing: yyy")
                .hasSizeLessThan(200);
        assertThat(Header.first(response.trailers(), "x-large")).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    /** Nothing would be an answer to such a client; it gets the least there is. */
    @Test
    void aClientThatAcceptsNothingGetsTheStatusAlone() {
        server.unary(text -> {
            throw new StatusException(StatusCode.NOT_FOUND, "no such thing");
        });
        ScriptedPeer peer = accepting(0);

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));

        assertThat(GrpcResponse.collect(peer, 1).trailers())
                .isEqualTo(Header.list(":status", "200", "content-type", "application/grpc", "grpc-status", "5"));
    }

    @Test
    void aClientThatSetsNoLimitGetsEverything() {
        server.unary(text -> {
            CallContext.current().addResponseTrailers(large());
            return "re: " + text;
        });
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.status()).isZero();
        assertThat(Header.first(response.trailers(), "x-large")).isPresent();
    }

    // ---- requests ----

    @Test
    void aRequestThatTheServerDoesNotAcceptIsNotSent() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.MAX_HEADER_LIST_SIZE, 1_000));

        CompletableFuture<String> tooLarge = script.unary(CallOptions.DEFAULT.withMetadata(large()), "hi");

        Status status = failureOf(tooLarge).status();
        assertThat(status.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(status.description())
                .isEqualTo("the request's metadata is larger than the 1000 bytes that the server accepts");
        assertThat(peer.pingBarrier()).isEmpty();
        CompletableFuture<String> next = script.unary("hi");
        assertThat(GrpcRequest.collect(peer).streamId()).isEqualTo(1);
        peer.send(answer(1, "ho"));
        assertThat(answerTo(next)).isEqualTo("ho");
    }

    @Test
    void aRequestUpToTheLimitIsSent() {
        ScriptedPeer peer = script.connected();
        script.unary(CallOptions.DEFAULT.withMetadata(large()), "hi");
        int size = GrpcRequest.collect(peer).headers().stream()
                .mapToInt(header -> header.name().length() + header.value().length() + 32)
                .sum();

        // One octet more than it needs, as room for the "s" of a "https" is kept.
        peer.send(new Frame.Settings().with(Setting.MAX_HEADER_LIST_SIZE, size + 1));
        peer.expectSettingsAck();
        script.unary(CallOptions.DEFAULT.withMetadata(large()), "hi");

        assertThat(GrpcRequest.collect(peer).streamId()).isEqualTo(3);
    }

    @Test
    void aRequestThatWaitedForItsTurnIsMeasuredWhenItComes() {
        ScriptedPeer peer = script.connected(
                new Frame.Settings().with(Setting.MAX_HEADER_LIST_SIZE, 1_000).with(Setting.MAX_CONCURRENT_STREAMS, 1));
        CompletableFuture<String> first = script.unary("hi");
        CompletableFuture<String> tooLarge = script.unary(CallOptions.DEFAULT.withMetadata(large()), "hi");
        CompletableFuture<String> third = script.unary("hi");
        GrpcRequest.collect(peer);

        peer.send(answer(1, "one"));

        assertThat(answerTo(first)).isEqualTo("one");
        assertThat(failureOf(tooLarge).status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        GrpcRequest.collect(peer);
        peer.send(answer(3, "three"));
        assertThat(answerTo(third)).isEqualTo("three");
    }

    private static Metadata large() {
        return Metadata.builder()
                .addText("x-large", "x".repeat(700))
                .addBinary("x-large-bin", new byte[300])
                .build();
    }

    private ScriptedPeer accepting(int octets) {
        return server.dial().handshake(new Frame.Settings().with(Setting.MAX_HEADER_LIST_SIZE, octets));
    }
}
