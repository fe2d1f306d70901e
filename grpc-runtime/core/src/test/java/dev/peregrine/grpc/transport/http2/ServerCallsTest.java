// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.CHAT;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.WATCH;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls from the first header to the last trailer, as a client sees them. */
@Timeout(60)
class ServerCallsTest {

    private static final List<Header> RESPONSE_HEADERS =
            Header.list(":status", "200", "content-type", "application/grpc");

    @RegisterExtension
    final TextsServer server = new TextsServer();

    // ---- what an answer looks like ----

    @Test
    void aUnaryReplyIsHeadersOneMessageAndTrailers() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));

        assertThat(peer.expectHeaders(1)).isEqualTo(new Frame.Headers(1, RESPONSE_HEADERS, false));
        assertThat(peer.expectData(1)).isEqualTo(text(1, "re: hi"));
        assertThat(peer.expectHeaders(1)).isEqualTo(new Frame.Headers(1, Header.list("grpc-status", "0"), true));
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void anEmptyMessageIsAMessage() {
        ScriptedPeer peer = server.unary(text -> text).greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, ""));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("");
    }

    @Test
    void aStreamOfResponsesHasOneMessageEachAndTrailers() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, WATCH), lastText(1, "all"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.headers()).isEqualTo(RESPONSE_HEADERS);
        assertThat(texts(response)).containsExactly("a", "b", "c");
        assertThat(response.trailers()).isEqualTo(Header.list("grpc-status", "0"));
    }

    @Test
    void aStreamWithoutResponsesHasHeadersAndTrailers() {
        ScriptedPeer peer = server.watch((text, out) -> {}).greet();

        peer.send(GrpcFrames.request(1, WATCH), lastText(1, "nothing"));

        assertThat(peer.expectHeaders(1)).isEqualTo(new Frame.Headers(1, RESPONSE_HEADERS, false));
        assertThat(peer.expectHeaders(1)).isEqualTo(new Frame.Headers(1, Header.list("grpc-status", "0"), true));
    }

    @Test
    void anErrorBeforeTheFirstMessageIsTrailersOnly() {
        ScriptedPeer peer = server.unary(text -> {
                    throw new StatusException(StatusCode.NOT_FOUND, "no " + text);
                })
                .greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "cat"));

        assertThat(peer.expectHeaders(1))
                .isEqualTo(new Frame.Headers(
                        1,
                        Header.list(
                                ":status", "200",
                                "content-type", "application/grpc",
                                "grpc-status", "5",
                                "grpc-message", "no cat"),
                        true));
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void anErrorAfterMessagesComesBehindThem() {
        ScriptedPeer peer = server.watch((text, out) -> {
                    out.write("one");
                    throw new StatusException(StatusCode.DATA_LOSS, "two is lost");
                })
                .greet();

        peer.send(GrpcFrames.request(1, WATCH), lastText(1, "all"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.headers()).isEqualTo(RESPONSE_HEADERS);
        assertThat(texts(response)).containsExactly("one");
        assertThat(response.trailers()).isEqualTo(Header.list("grpc-status", "15", "grpc-message", "two is lost"));
    }

    /** PROTOCOL-HTTP2.md: everything outside %x20-24 and %x26-7E is percent-encoded UTF-8. */
    @Test
    void aStatusMessageIsPercentEncoded() {
        ScriptedPeer peer = server.unary(text -> {
                    throw new StatusException(StatusCode.UNKNOWN, "\t100 % ☺\n");
                })
                .greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "?"));

        assertThat(peer.expectHeaders(1).first("grpc-message")).contains("%09100 %25 %E2%98%BA%0A");
    }

    // ---- requests in unusual, lawful shapes ----

    @Test
    void aRequestInPiecesIsOneRequest() {
        ScriptedPeer peer = server.greet();
        Octets whole = text(1, "in pieces").payload();

        peer.send(GrpcFrames.request(1, UNARY).withContinuations(3).withPadding(10));
        for (int i = 0; i < whole.length(); i++) {
            peer.send(new Frame.Data(1, whole.slice(i, i + 1), false, i));
        }
        peer.send(GrpcFrames.endOfMessages(1));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: in pieces");
    }

    @Test
    void severalMessagesInOneFrameAreSeveralMessages() {
        ScriptedPeer peer = server.chat((in, out) -> in.forEach(out::write)).greet();

        peer.send(
                GrpcFrames.request(1, CHAT),
                new Frame.Data(
                        1,
                        text(1, "a")
                                .payload()
                                .plus(text(1, "").payload())
                                .plus(text(1, "c").payload()),
                        true));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("a", "", "c");
    }

    @Test
    void trailersOfTheClientEndTheRequest() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UNARY),
                text(1, "hi"),
                new Frame.Headers(1, Header.list("x-checksum", "1"), true));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
    }

    @Test
    void streamsOfOneConnectionDoNotWaitForEachOther() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, CHAT), GrpcFrames.request(3, CHAT), GrpcFrames.request(5, CHAT));
        peer.send(text(5, "five"), text(1, "one"));
        peer.expectHeaders(1);
        peer.expectHeaders(5);
        assertThat(peer.expectData(5)).isEqualTo(text(5, "re: five"));
        assertThat(peer.expectData(1)).isEqualTo(text(1, "re: one"));
        peer.send(text(3, "three"), text(1, "eins"));
        peer.expectHeaders(3);
        assertThat(peer.expectData(1)).isEqualTo(text(1, "re: eins"));
        assertThat(peer.expectData(3)).isEqualTo(text(3, "re: three"));
        peer.send(GrpcFrames.endOfMessages(1), GrpcFrames.endOfMessages(3), GrpcFrames.endOfMessages(5));

        assertThat(peer.expectHeaders(1).first("grpc-status")).contains("0");
        assertThat(peer.expectHeaders(3).first("grpc-status")).contains("0");
        assertThat(peer.expectHeaders(5).first("grpc-status")).contains("0");
    }
}
