// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The blocking face of a client: threads that read and write streams, and what ends their wait. */
@Timeout(30)
class ClientBlockingStreamsTest {

    @RegisterExtension
    final ClientScript script = new ClientScript();

    private ScriptedPeer peer;

    private ServerStreamingCall<String> watching() {
        peer = script.connected();
        ServerStreamingCall<String> call =
                ClientCalls.serverStreaming(script.channel(), Texts.WATCH, CallOptions.DEFAULT, "hi");
        GrpcRequest.collect(peer);
        return call;
    }

    private BidiStreamingCall<String, String> chatting() {
        peer = script.connected();
        BidiStreamingCall<String, String> call =
                ClientCalls.bidiStreaming(script.channel(), Texts.CHAT, CallOptions.DEFAULT);
        peer.expectHeaders(1);
        return call;
    }

    // ---- streams of responses ----

    @Test
    void aStreamIsIteratedToItsEnd() {
        ServerStreamingCall<String> call = watching();
        peer.send(GrpcFrames.response(1), message(1, "a"), message(1, "b"), GrpcFrames.end(1, 0));

        assertThat(call).containsExactly("a", "b");
        assertThat(call.read()).isNull();
        assertThat(call.read()).isNull();
    }

    @Test
    void theIteratorAsksOnceForEachElement() {
        ServerStreamingCall<String> call = watching();
        peer.send(GrpcFrames.response(1), message(1, "a"), GrpcFrames.end(1, 0));
        Iterator<String> iterator = call.iterator();

        assertThat(iterator.hasNext()).isTrue();
        assertThat(iterator.hasNext()).isTrue();
        assertThat(iterator.next()).isEqualTo("a");
        assertThat(iterator.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
    }

    @Test
    void aStreamThatFailsThrowsBehindItsMessages() {
        ServerStreamingCall<String> call = watching();
        peer.send(
                GrpcFrames.response(1),
                message(1, "a"),
                GrpcFrames.end(1, 15, "gone").plus("x", "y"));

        assertThat(call.read()).isEqualTo("a");
        StatusException thrown = thrownBy(call::read);
        assertThat(thrown.status().toString()).isEqualTo("DATA_LOSS: gone");
        assertThat(thrown.trailers().get(MetadataKey.ascii("x"))).isEqualTo("y");
        assertThat(thrownBy(call::read).status()).isEqualTo(thrown.status());
    }

    @Test
    void headersAreThereBeforeTheFirstMessage() {
        ServerStreamingCall<String> call = watching();
        peer.send(GrpcFrames.response(1).plus("x", "1"));

        assertThat(call.headers().get(MetadataKey.ascii("x"))).isEqualTo("1");
        call.close();
    }

    @Test
    void headersOfACallThatFailedBeforeThemAreItsFailure() {
        ServerStreamingCall<String> call = watching();
        peer.send(GrpcFrames.trailersOnly(1, 7, "no"));

        assertThat(thrownBy(call::headers).code()).isEqualTo(StatusCode.PERMISSION_DENIED);
    }

    @Test
    void headersOfAnEmptyAnswerThatIsWellAreEmpty() {
        ServerStreamingCall<String> call = watching();
        peer.send(GrpcFrames.response(1).andEndStream().plus("grpc-status", "0"));

        assertThat(call.headers().isEmpty()).isTrue();
        assertThat(call.read()).isNull();
    }

    @Test
    void trailersAreThereWhenTheCallHasEnded() {
        ServerStreamingCall<String> call = watching();

        assertThatIllegalStateException()
                .isThrownBy(call::trailers)
                .withMessageContaining("test.Texts/Watch has not ended");
        peer.send(GrpcFrames.response(1), GrpcFrames.end(1, 0).plus("x", "1"));
        assertThat(call.read()).isNull();
        assertThat(call.trailers().get(MetadataKey.ascii("x"))).isEqualTo("1");
    }

    @Test
    void closingInTheMiddleCancels() {
        try (ServerStreamingCall<String> call = watching()) {
            peer.send(GrpcFrames.response(1), message(1, "a"), message(1, "b"));
            assertThat(call.read()).isEqualTo("a");
        }

        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void closingBehindTheEndSaysNothing() {
        try (ServerStreamingCall<String> call = watching()) {
            peer.send(GrpcFrames.response(1), GrpcFrames.end(1, 0));
            assertThat(call.read()).isNull();
        }

        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aReaderHearsThatAnotherThreadClosedTheCall() throws InterruptedException {
        ServerStreamingCall<String> call = watching();
        Interrupted reader = new Interrupted(call::read);
        call.close();

        assertThat(reader.thrown().status().toString()).isEqualTo("CANCELLED: the application closed the call");
    }

    @Test
    void aReaderThatIsInterruptedCancelsTheCall() throws InterruptedException {
        ServerStreamingCall<String> call = watching();
        Interrupted reader = new Interrupted(call::read);
        reader.interrupt();

        peer.expectRstStream(1, ErrorCode.CANCEL);
        assertThat(reader.thrown().status().toString()).isEqualTo("CANCELLED: the calling thread was interrupted");
        assertThat(reader.flagWasKept()).isTrue();
    }

    @Test
    void theServerIsHeldBackWhileNobodyReads() {
        ServerStreamingCall<String> call = watching();
        peer.expectWindowUpdate(0); // The greeting.
        String half = "x".repeat(1 << 19);
        peer.send(GrpcFrames.response(1));
        sendInFrames(half);
        assertThat(call.read()).isEqualTo(half); // Half a window is given back...
        peer.expectWindowUpdate(1);
        sendInFrames(half);
        assertThat(peer.pingBarrier(Frame.WindowUpdate.class)).isEmpty(); // ...but not the half nobody reads.
        call.close();
    }

    private void sendInFrames(String text) {
        Frame.Data whole = message(1, text);
        for (int from = 0; from < whole.payload().length(); from += 16_384) {
            int to = Math.min(from + 16_384, whole.payload().length());
            peer.send(new Frame.Data(1, whole.payload().slice(from, to), false));
        }
    }

    // ---- streams of requests ----

    @Test
    void anUploadEndsWithItsResponse() {
        peer = script.connected();
        try (ClientStreamingCall<String, String> call =
                ClientCalls.clientStreaming(script.channel(), Texts.UPLOAD, CallOptions.DEFAULT)) {
            call.write("a");
            call.write("b");
            CompletableFuture<String> response = CompletableFuture.supplyAsync(call::finish);
            assertThat(GrpcRequest.collect(peer).messages()).hasSize(2);
            peer.send(answer(1, "ok"));
            assertThat(answerTo(response)).isEqualTo("ok");
        }
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void closingAnUploadThatWasNotFinishedCancelsIt() {
        peer = script.connected();
        try (ClientStreamingCall<String, String> call =
                ClientCalls.clientStreaming(script.channel(), Texts.UPLOAD, CallOptions.DEFAULT)) {
            call.write("a");
        }

        peer.expectHeaders(1);
        peer.expectData(1);
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    @Test
    void anUploadTheServerEndsEarlyFailsTheNextWriteWithItsStatus() {
        peer = script.connected();
        ClientStreamingCall<String, String> call =
                ClientCalls.clientStreaming(script.channel(), Texts.UPLOAD, CallOptions.DEFAULT);
        peer.expectHeaders(1);
        peer.send(GrpcFrames.trailersOnly(1, 8, "full"));
        peer.expectRstStream(1, ErrorCode.CANCEL);
        peer.pingBarrier();

        assertThat(thrownBy(() -> call.write("late")).status().toString()).isEqualTo("RESOURCE_EXHAUSTED: full");
        assertThat(thrownBy(call::finish).code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
    }

    @Test
    void aServerThatEndsWellAndEarlyStopsTheWriter() {
        BidiStreamingCall<String, String> call = chatting();
        peer.send(GrpcFrames.response(1), GrpcFrames.end(1, 0));
        assertThat(call.read()).isNull();

        assertThat(thrownBy(() -> call.write("late")).status().toString())
                .isEqualTo("CANCELLED: the server ended the call with OK and reads no more");
    }

    @Test
    void requestsAndResponsesTakeTurns() {
        BidiStreamingCall<String, String> call = chatting();
        peer.send(GrpcFrames.response(1));
        for (String text : new String[] {"a", "b", "c"}) {
            call.write(text);
            assertThat(peer.expectData(1)).isEqualTo(message(1, text));
            peer.send(message(1, text + text));
            assertThat(call.read()).isEqualTo(text + text);
        }
        call.halfClose();
        assertThat(peer.expectData(1).endStream()).isTrue();
        peer.send(GrpcFrames.end(1, 0));
        assertThat(call.read()).isNull();
    }

    @Test
    void nothingIsWrittenBehindHalfClose() {
        BidiStreamingCall<String, String> call = chatting();
        call.halfClose();
        call.halfClose();

        assertThatIllegalStateException()
                .isThrownBy(() -> call.write("a"))
                .withMessage("the call of test.Texts/Chat is half-closed; write before that");
        assertThat(peer.expectData(1).endStream()).isTrue();
        assertThat(peer.pingBarrier()).isEmpty();
        call.close();
    }

    private static StatusException thrownBy(ThrowingCallable code) {
        StatusException[] caught = new StatusException[1];
        Consumer<StatusException> keep = thrown -> caught[0] = thrown;
        assertThatExceptionOfType(StatusException.class).isThrownBy(code).satisfies(keep::accept);
        return caught[0];
    }
}
