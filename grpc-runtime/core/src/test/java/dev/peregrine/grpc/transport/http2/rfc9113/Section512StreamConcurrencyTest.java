// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2.rfc9113;

import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.expectNextCallAnswered;
import static dev.peregrine.grpc.transport.http2.TextsServer.lastText;
import static dev.peregrine.grpc.transport.http2.TextsServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import dev.peregrine.grpc.transport.http2.Sleeper;
import dev.peregrine.grpc.transport.http2.TextsServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * RFC 9113 §5.1.2, Stream Concurrency. That our client keeps a server's limit is told in {@code
 * ClientConcurrencyTest}.
 */
@Timeout(60)
class Section512StreamConcurrencyTest {

    @RegisterExtension
    final TextsServer server = new TextsServer();

    private final Sleeper sleeper = new Sleeper();

    @Test
    void ourLimitIsAnnounced() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxConcurrentCalls(7)).greet();

        assertThat(peer.theirSettings().values()).containsEntry(Setting.MAX_CONCURRENT_STREAMS, 7L);
    }

    @Test
    void aCallBeyondTheLimitIsRefusedAndMayComeAgain() {
        AtomicInteger started = new AtomicInteger();
        ScriptedPeer peer = server.limits(limits -> limits.withMaxConcurrentCalls(2))
                .unary(text -> {
                    started.incrementAndGet();
                    return text.equals("next") ? "re: next" : sleeper.sleep(text);
                })
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();
        peer.send(GrpcFrames.request(3, UNARY));

        peer.send(GrpcFrames.request(5, UNARY), lastText(5, "hi"));

        peer.expectRstStream(5, ErrorCode.REFUSED_STREAM);
        peer.send(lastText(3, "next"));
        assertThat(texts(GrpcResponse.collect(peer, 3))).containsExactly("re: next");
        expectNextCallAnswered(peer, 7);
        sleeper.release();
        assertThat(GrpcResponse.collect(peer, 1).status()).isZero();
        assertThat(started).hasValue(3);
    }

    /**
     * CVE-2026-47244 was a server that waited for the acknowledgement of its SETTINGS, which a client need not send.
     */
    @Test
    void theLimitHoldsBeforeItIsAcknowledged() {
        ScriptedPeer peer = server.limits(limits -> limits.withMaxConcurrentCalls(1))
                .dial()
                .withoutSettingsAck()
                .handshake();

        peer.send(GrpcFrames.request(1, UPLOAD), GrpcFrames.request(3, UPLOAD));

        peer.expectRstStream(3, ErrorCode.REFUSED_STREAM);
    }

    /** Streams that have no call behind them are not open: they do not count. */
    @Test
    void requestsThatAreNoCallsTakeNoPlace() {
        ScriptedPeer peer =
                server.limits(limits -> limits.withMaxConcurrentCalls(1)).greet();

        for (int streamId = 1; streamId < 20; streamId += 2) {
            peer.send(GrpcFrames.request(streamId, UNARY).with(":method", "GET"));
            assertThat(peer.expectHeaders(streamId).first(":status")).contains("405");
        }

        expectNextCallAnswered(peer, 101);
    }
}
