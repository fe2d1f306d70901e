// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.attack;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.Verdicts.expectStreamError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameFlag;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Field blocks that are large, or become so when they are decoded (CVE-2016-6581). Bound: what is kept of a block is
 * the limit of metadata; what is decoded, four times as much as it travels.
 */
@Timeout(60)
class HeaderBombTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final AtomicInteger started = new AtomicInteger();

    /** An entry that fills the table, and a block that asks for it again and again: 1 octet stands for 4096. */
    @Test
    void aBlockThatUnpacksToMuchIsRefusedAndTheConnectionGoesOn() {
        ScriptedPeer peer = counting();
        String large = "a".repeat(4096 - 32 - 1);
        Octets filling = Octets.hex("83 86 84 40 01 79 7f e0 1e").plus(Octets.latin1(large));
        peer.send(block(1, filling)); // Of 4 KiB: no call of gRPC, but lawful.
        assertThat(peer.expectHeaders(1).first(":status")).contains("415");
        peer.expectData(1);

        peer.send(block(3, Octets.hex("83 86 84").plus(Octets.latin1("\u00be".repeat(16_000)))));

        assertThat(peer.expectHeaders(3).first(":status")).contains("431");
        peer.expectData(3);
        assertThat(peer.pingBarrier()).isEmpty();
        assertThat(started).hasValue(0);
    }

    @Test
    void aBlockOfManyEmptyFieldsIsRefused() {
        ScriptedPeer peer = counting();

        peer.send(block(1, Octets.hex("83 86 84").plus(Octets.latin1("\u0000\u0001x\u0000".repeat(4_000)))));

        assertThat(peer.expectHeaders(1).first(":status")).contains("431");
        assertThat(started).hasValue(0);
    }

    @Test
    void metadataOverTheLimitStartsNoHandler() {
        ScriptedPeer peer = counting();

        peer.send(
                GrpcFrames.request(1, UNARY).plus("x-large", "x".repeat(9_000)).withContinuations(1),
                lastText(1, "hi"));

        assertThat(peer.expectHeaders(1).first(":status")).contains("431");
        assertThat(peer.expectData(1).endStream()).isTrue();
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        assertThat(started).hasValue(0);
    }

    @Test
    void trailersOverTheLimitCostTheStream() {
        ScriptedPeer peer = server.greet();

        peer.send(
                GrpcFrames.request(1, UPLOAD),
                new Frame.Headers(1, Header.list("x-large", "x".repeat(9_000)), true).withContinuations(1));

        expectStreamError(peer, 1, ErrorCode.PROTOCOL_ERROR);
    }

    private ScriptedPeer counting() {
        return server.unary(text -> "re: " + started.incrementAndGet()).greet();
    }

    private static Frame.Raw block(int streamId, Octets octets) {
        return new Frame.Raw(FrameType.HEADERS, FrameFlag.END_HEADERS | FrameFlag.END_STREAM, streamId, octets);
    }
}
