// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.text;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Metadata in both directions, as a client sees it. */
@Timeout(60)
class ServerMetadataTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @Test
    void metadataReachesTheHandlerInOrder() {
        List<String> seen = new ArrayList<>();
        ScriptedPeer peer = server.unary(text -> {
                    CallContext.current().requestMetadata().forEach(new Metadata.Visitor() {
                        @Override
                        public void text(String name, String value) {
                            seen.add(name + "=" + value);
                        }

                        @Override
                        public void binary(String name, byte[] value) {
                            seen.add(name + "=" + Octets.of(value));
                        }
                    });
                    return text;
                })
                .greet();

        peer.send(
                GrpcFrames.request(1, UNARY)
                        .plus("x-one", "1")
                        .plus("x-padded-bin", "q6s=")
                        .plus("x-one", "2, 3")
                        .plus("x-bare-bin", "q6s")
                        .plus("x-joined-bin", "AQ,Ag==")
                        .plus("user-agent", "script"),
                lastText(1, "hi"));

        assertThat(GrpcResponse.collect(peer, 1).status()).isZero();
        assertThat(seen)
                .containsExactly(
                        "x-one=1",
                        "x-padded-bin=2 octets: ab ab",
                        "x-one=2, 3",
                        "x-bare-bin=2 octets: ab ab",
                        "x-joined-bin=1 octets: 01",
                        "x-joined-bin=1 octets: 02",
                        "user-agent=script");
    }

    @Test
    void metadataOfTheHandlerReachesTheClientInOrder() {
        ScriptedPeer peer = server.unary(text -> {
                    CallContext call = CallContext.current();
                    call.addResponseHeaders(Metadata.builder()
                            .addText("x-one", "1")
                            .addBinary("x-raw-bin", new byte[] {(byte) 0xab, (byte) 0xab})
                            .addText("x-one", "2")
                            .build());
                    call.addResponseTrailers(
                            Metadata.builder().addText("x-two", "3").build());
                    call.addResponseTrailers(
                            Metadata.builder().addText("x-two", "4").build());
                    return text;
                })
                .greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.headers())
                .isEqualTo(Header.list(
                        ":status", "200",
                        "content-type", "application/grpc",
                        "x-one", "1",
                        "x-raw-bin", "q6s",
                        "x-one", "2"));
        assertThat(response.trailers()).isEqualTo(Header.list("grpc-status", "0", "x-two", "3", "x-two", "4"));
    }

    @Test
    void trailersOnlyCarriesTheMetadataOfBoth() {
        ScriptedPeer peer = server.unary(text -> {
                    CallContext.current().addResponseHeaders(Metadata.of(MetadataKey.ascii("x-head"), "1"));
                    CallContext.current().addResponseTrailers(Metadata.of(MetadataKey.ascii("x-tail"), "2"));
                    throw new StatusException(
                            Status.of(StatusCode.ABORTED), Metadata.of(MetadataKey.ascii("x-thrown"), "3"));
                })
                .greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));

        assertThat(peer.expectHeaders(1).headers())
                .isEqualTo(Header.list(
                        ":status", "200",
                        "content-type", "application/grpc",
                        "grpc-status", "10",
                        "x-head", "1",
                        "x-tail", "2",
                        "x-thrown", "3"));
    }

    /** A header block longer than a frame goes on in CONTINUATION frames (RFC 9113, 6.10). */
    @Test
    void responseMetadataLargerThanAFrameArrivesWhole() {
        String large = "0123456789abcdef".repeat(2_500);
        ScriptedPeer peer = server.unary(text -> {
                    CallContext.current().addResponseHeaders(Metadata.of(MetadataKey.ascii("x-large"), large));
                    return "re: " + text;
                })
                .greet();

        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));

        Frame.Headers headers = peer.expectHeaders(1);
        assertThat(headers.first("x-large")).contains(large);
        assertThat(headers.continuations()).isPositive();
        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("re: hi");
        expectNextCallAnswered(peer, 3);
    }
}
