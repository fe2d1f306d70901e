// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TextsServer.CHAT;
import static dev.peregrine.grpc.transport.http2.TextsServer.UNARY;
import static dev.peregrine.grpc.transport.http2.TextsServer.UPLOAD;
import static dev.peregrine.grpc.transport.http2.TextsServer.WATCH;
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
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

    private final Sleeper sleeper = new Sleeper();

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

    // ---- metadata ----

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

    // ---- the server ends first ----

    /**
     * RFC 9113, 8.1: a complete answer, then RST_STREAM with NO_ERROR, because the rest of the request is not needed.
     */
    @Test
    void aServerThatEndsFirstTellsTheClientToStop() {
        ScriptedPeer peer = server.upload(texts -> "enough").greet();

        peer.send(GrpcFrames.request(1, UPLOAD));

        peer.expectHeaders(1);
        assertThat(peer.expectData(1)).isEqualTo(text(1, "enough"));
        assertThat(peer.expectHeaders(1)).isEqualTo(new Frame.Headers(1, Header.list("grpc-status", "0"), true));
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
    }

    @Test
    void dataUnderWayWhenTheServerEndedIsDroppedAndItsWindowGivenBack() {
        ScriptedPeer peer = server.limits(limits -> limits.withWindows(65_535, 65_535))
                .upload(texts -> "enough")
                .greet();

        peer.send(GrpcFrames.request(1, UPLOAD));
        GrpcResponse.collect(peer, 1);
        peer.expectRstStream(1, ErrorCode.NO_ERROR);

        peer.send(
                new Frame.Data(1, Octets.zeros(16_384), false),
                new Frame.Data(1, Octets.zeros(16_384), false),
                new Frame.Headers(1, Header.list("x-late", "1"), true));

        assertThat(peer.expectWindowUpdate(0).increment()).isEqualTo(32_768);
        assertThat(peer.pingBarrier()).isEmpty();
        expectNextCallAnswered(peer, 3);
    }

    // ---- nobody waits any more ----

    @Test
    void aResetInterruptsTheHandlerAndCancelsTheCall() {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        sleeper.expectInterrupted();
        assertThat(sleeper.expectCancelled().code()).isEqualTo(StatusCode.CANCELLED);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aLostConnectionInterruptsTheHandlerAndCancelsTheCall() {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.reset();

        sleeper.expectInterrupted();
        assertThat(sleeper.expectCancelled().code()).isEqualTo(StatusCode.UNAVAILABLE);
    }

    @Test
    void aReaderThatWaitsHearsOfTheReset() throws Exception {
        BlockingQueue<StatusCode> heard = new ArrayBlockingQueue<>(1);
        CountDownLatch started = new CountDownLatch(1);
        ScriptedPeer peer = server.upload(texts -> {
                    try {
                        texts.read();
                        started.countDown();
                        return texts.read();
                    } catch (StatusException end) {
                        heard.add(end.code());
                        throw end;
                    }
                })
                .greet();
        peer.send(GrpcFrames.request(1, UPLOAD), text(1, "first"));
        Sleeper.expect(started, "the first text to arrive");

        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(StatusCode.CANCELLED);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    /** An interrupt is for the call that was cancelled, not for whatever its thread does next. */
    @Test
    void anInterruptDoesNotOutliveItsCall() {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        server.builder()
                .blockingExecutor(task -> new Thread(() -> {
                            task.run();
                            interrupted.complete(Thread.currentThread().isInterrupted());
                        })
                        .start());
        ScriptedPeer peer = server.unary(text -> {
                    try {
                        return sleeper.sleep(text);
                    } catch (IllegalStateException told) {
                        Thread.currentThread().interrupt(); // As well-behaved code does.
                        throw told;
                    }
                })
                .greet();
        peer.send(GrpcFrames.request(1, UNARY), lastText(1, "hi"));
        sleeper.expectAsleep();

        peer.send(new Frame.RstStream(1, ErrorCode.CANCEL));

        sleeper.expectInterrupted();
        assertThat(interrupted.orTimeout(10, TimeUnit.SECONDS).join()).isFalse();
    }

    @Test
    void aDeadlineThatPassesIsAnsweredAndInterruptsTheHandler() {
        ScriptedPeer peer = server.unary(sleeper::sleep).greet();

        peer.send(GrpcFrames.request(1, UNARY).plus("grpc-timeout", "200m"), lastText(1, "hi"));

        GrpcResponse response = GrpcResponse.collect(peer, 1);
        assertThat(response.isTrailersOnly()).isTrue();
        assertThat(response.status()).isEqualTo(StatusCode.DEADLINE_EXCEEDED.value());
        sleeper.expectInterrupted();
        assertThat(sleeper.expectCancelled().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    /** The server's time is the client's: the rest of the request is not awaited either. */
    @Test
    void aDeadlineThatPassesDuringTheRequestEndsTheStream() {
        ScriptedPeer peer = server.greet();

        peer.send(GrpcFrames.request(1, UNARY).plus("grpc-timeout", "1m"));

        assertThat(GrpcResponse.collect(peer, 1).status()).isEqualTo(StatusCode.DEADLINE_EXCEEDED.value());
        peer.expectRstStream(1, ErrorCode.NO_ERROR);
        peer.send(lastText(1, "too late"));
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aDeadlineIsKnownToTheHandler() {
        ScriptedPeer peer = server.unary(text -> {
                    long seconds = TimeUnit.NANOSECONDS.toSeconds(
                            CallContext.current().deadline().remainingNanos());
                    return seconds > 3_000 && seconds <= 3_600 ? "an hour" : seconds + " s";
                })
                .greet();

        peer.send(GrpcFrames.request(1, UNARY).plus("grpc-timeout", "1H"), lastText(1, "how long?"));

        assertThat(texts(GrpcResponse.collect(peer, 1))).containsExactly("an hour");
    }
}
