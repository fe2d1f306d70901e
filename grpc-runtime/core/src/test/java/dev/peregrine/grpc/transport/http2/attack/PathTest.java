// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.attack;

import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Paths that another reader might take for the one of a method (CVE-2026-33186 in a different server). Answer: a
 * method has one path, octet for octet.
 */
@Timeout(60)
class PathTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//test.Texts/Unary",
                "/test.Texts//Unary",
                "/test.Texts/Unary/",
                "/test.Texts/Unary?x=1",
                "/test.Texts/Unary#x",
                "/test.Texts/./Unary",
                "/test.Texts/../test.Texts/Unary",
                "/test.Texts/%55nary",
                "/test.texts/unary",
                "/TEST.TEXTS/UNARY",
                "/test.Texts/Unary ",
                "/test.Texts\\Unary",
                "/test.Texts/Unary\t",
                "/ test.Texts/Unary",
                "/test.Texts/Un\u0001ary",
                "/test.Texts/Un\u00e9ary",
                "/test.Texts;x/Unary"
            })
    void nothingButThePathOfAMethodReachesIt(String path) {
        AtomicInteger started = new AtomicInteger();
        ScriptedPeer peer =
                server.unary(text -> "re: " + started.incrementAndGet()).greet();

        peer.send(GrpcFrames.request(1, path), lastText(1, "hi"));

        assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.UNIMPLEMENTED.value());
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        assertThat(started).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"test.Texts/Unary", "*", "http://127.0.0.1/test.Texts/Unary", " /test.Texts/Unary"})
    void aPathWithoutItsSlashIsNone(String path) {
        AtomicInteger started = new AtomicInteger();
        ScriptedPeer peer =
                server.unary(text -> "re: " + started.incrementAndGet()).greet();

        peer.send(GrpcFrames.request(1, path), lastText(1, "hi"));

        Frame.Headers answer = peer.expectHeaders(1);
        assertThat(answer.first(":status")).contains("404");
        assertThat(answer.first("grpc-status")).contains("12");
        assertThat(started).hasValue(0);
    }
}
