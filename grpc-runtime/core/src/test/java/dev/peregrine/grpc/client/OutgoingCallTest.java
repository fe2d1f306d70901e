// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.client.ClientScript.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.peregrine.grpc.Marshaller;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.MethodKind;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call in the hands of an application that makes mistakes, and of listeners that fail. */
@Timeout(30)
class OutgoingCallTest {

    @RegisterExtension
    final ClientScript script = new ClientScript();

    private HeardCall notStarted(MethodDescriptor<String, String> method) {
        return new HeardCall(script.channel().newCall(method, CallOptions.DEFAULT));
    }

    // ---- the order of things ----

    @Test
    void aCallIsStartedOnce() {
        HeardCall call = script.start(Texts.UNARY);

        assertThatIllegalStateException()
                .isThrownBy(call::start)
                .withMessage("the call of test.Texts/Unary was started before");
    }

    @Test
    void nothingIsSentBeforeTheStart() {
        assertThatIllegalStateException()
                .isThrownBy(() -> notStarted(Texts.CHAT).send("a"))
                .withMessage("the call of test.Texts/Chat is not started");
        assertThatIllegalStateException()
                .isThrownBy(() -> notStarted(Texts.UNARY).halfClose())
                .withMessageContaining("was half-closed before it was started and its request sent");
    }

    @Test
    void aUnaryCallHasOneRequest() {
        HeardCall call = script.start(Texts.UNARY);
        call.send("a");

        assertThatIllegalStateException()
                .isThrownBy(() -> call.send("b"))
                .withMessage("the call of test.Texts/Unary has one request, a second was sent");
    }

    @Test
    void nothingIsSentBehindHalfClose() {
        HeardCall call = script.start(Texts.CHAT);
        call.halfClose();

        assertThatIllegalStateException()
                .isThrownBy(() -> call.send("b"))
                .withMessage("the call of test.Texts/Chat is half-closed");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void demandIsPositive(int demand) {
        HeardCall call = script.start(Texts.CHAT);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> call.request(demand))
                .withMessage("demand: " + demand + " (expected: >= 1)");
    }

    @Test
    void demandThatIsEndlessTwiceIsEndless() {
        HeardCall call = script.start(Texts.CHAT); // There is no connection yet: the demand is kept.
        call.request(Integer.MAX_VALUE);
        call.request(Integer.MAX_VALUE);
        ScriptedPeer peer = script.accept();
        peer.expectHeaders(1);
        peer.send(GrpcFrames.response(1), message(1, "a"));

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("message a");
    }

    // ---- cancelling ----

    @Test
    void aCallThatIsCancelledBeforeItsRequestIsCompleteIsNeverSent() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.UNARY);
        call.send("a");
        call.cancel("enough", null);
        call.cancel("really", null);
        call.halfClose();

        assertThat(call.next()).isEqualTo("CANCELLED: enough");
        assertThat(peer.pingBarrier()).isEmpty();
        assertThat(call.heard()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Unary", "Chat"})
    void aCallThatIsCancelledBeforeItsStartEndsWithIt(String name) {
        ScriptedPeer peer = script.connected();
        HeardCall call = notStarted(name.equals("Unary") ? Texts.UNARY : Texts.CHAT);
        call.cancel("enough", null);
        assertThat(call.heard()).isEmpty();
        call.start();
        call.send("a");
        call.halfClose();

        assertThat(call.next()).isEqualTo("CANCELLED: enough");
        assertThat(peer.pingBarrier()).isEmpty();
        assertThat(call.heard()).isEmpty();
    }

    @Test
    void theEndIsToldOnceWhateverIsDoneBehindIt() {
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(Texts.CHAT, CallOptions.DEFAULT.withTimeout(Duration.ZERO));
        assertThat(call.next()).startsWith("DEADLINE_EXCEEDED: ");
        call.cancel("enough", null);
        call.request(1);
        call.send("a");
        call.halfClose();

        assertThat(peer.pingBarrier()).isEmpty();
        assertThat(call.heard()).isEmpty();
    }

    @Test
    void theCauseOfACancelStaysHere() {
        ScriptedPeer peer = script.connected();
        Status[] ended = new Status[1];
        CompletableFuture<Void> told = new CompletableFuture<>();
        ClientCall<String, String> call = script.channel().newCall(Texts.CHAT, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended[0] = status;
                        told.complete(null);
                    }
                },
                Metadata.EMPTY);
        Throwable cause = new IllegalStateException("my reason");
        call.cancel("enough", cause);

        answerTo(told);
        assertThat(ended[0].cause()).isSameAs(cause);
        peer.expectHeaders(1);
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    // ---- listeners that fail ----

    /** Throws where it is told to, and hears the end. */
    private static final class Failing implements ClientCall.Listener<String> {

        final CompletableFuture<Status> end = new CompletableFuture<>();
        private final String where;

        Failing(String where) {
            this.where = where;
        }

        @Override
        public void onHeaders(Metadata headers) {
            failAt("headers");
        }

        @Override
        public void onMessage(String response) {
            failAt("message");
        }

        @Override
        public void onReady() {
            failAt("ready");
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(status);
            failAt("close");
        }

        private void failAt(String here) {
            if (where.equals(here)) {
                throw new IllegalStateException("I fail at " + here);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"headers", "message"})
    void aListenerOfOneResponseThatFailsStillHearsTheEnd(String where) {
        ScriptedPeer peer = script.connected();
        Failing listener = new Failing(where);
        ClientCall<String, String> call = script.channel().newCall(Texts.UNARY, CallOptions.DEFAULT);
        call.start(listener, Metadata.EMPTY);
        call.send("hi");
        call.halfClose();
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));

        Status end = answerTo(listener.end);
        assertThat(end.toString()).isEqualTo("CANCELLED: a listener failed");
        assertThat(end.cause()).hasMessage("I fail at " + where);
    }

    @ParameterizedTest
    @ValueSource(strings = {"headers", "message"})
    void aListenerOfAStreamThatFailsCancelsTheCall(String where) {
        ScriptedPeer peer = script.connected();
        Failing listener = new Failing(where);
        ClientCall<String, String> call = script.channel().newCall(Texts.CHAT, CallOptions.DEFAULT);
        call.start(listener, Metadata.EMPTY);
        call.request(5);
        peer.expectHeaders(1);
        peer.send(GrpcFrames.response(1), message(1, "a"), message(1, "b"));

        peer.expectRstStream(1, ErrorCode.CANCEL);
        assertThat(answerTo(listener.end).toString()).isEqualTo("CANCELLED: a listener failed");
    }

    @Test
    void aListenerThatFailsAtTheEndHurtsNobodyElse() {
        ScriptedPeer peer = script.connected();
        Failing listener = new Failing("close");
        ClientCall<String, String> call = script.channel().newCall(Texts.CHAT, CallOptions.DEFAULT);
        call.start(listener, Metadata.EMPTY);
        peer.expectHeaders(1);
        peer.send(GrpcFrames.trailersOnly(1, 5, "no"));
        answerTo(listener.end);

        CompletableFuture<String> next = script.unary("hi");
        peer.expectRstStream(1, ErrorCode.CANCEL);
        GrpcRequest.collect(peer);
        peer.send(answer(3, "ho"));
        assertThat(answerTo(next)).isEqualTo("ho");
    }

    // ---- executors ----

    @Test
    void anExecutorThatTakesNoMoreDoesNotLoseTheEnd() {
        ScriptedPeer peer = script.connected();
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };
        CompletableFuture<String> call = script.unary(CallOptions.DEFAULT.withExecutor(full), "hi");
        CompletableFuture<String> other = script.unary("hi");
        GrpcRequest.collect(peer);
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));
        peer.send(answer(3, "ho"));

        assertThat(answerTo(call)).isEqualTo("ho");
        assertThat(answerTo(other)).isEqualTo("ho");
    }

    @Test
    void aLargeResponseThatCannotBeDecodedIsInternalThoughItIsDecodedOnAnotherThread() {
        MethodDescriptor<String, String> picky =
                MethodDescriptor.of(Texts.SERVICE, "Watch", MethodKind.SERVER_STREAMING, new Texts(), new Unreadable());
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(picky, CallOptions.DEFAULT.withExecutor(task -> new Thread(task).start()));
        call.request(2);
        call.send("hi");
        call.halfClose();
        GrpcRequest.collect(peer);
        peer.send(GrpcFrames.response(1));
        Frame.Data large = message(1, "x".repeat(100_000));
        for (int from = 0; from < large.payload().length(); from += 16_000) {
            int to = Math.min(from + 16_000, large.payload().length());
            peer.send(new Frame.Data(1, large.payload().slice(from, to), false));
        }

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next())
                .isEqualTo("INTERNAL: a response of 100000 bytes for test.Texts/Watch cannot be decoded: never");
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    // ---- requests that cannot be encoded ----

    @ParameterizedTest
    @ValueSource(ints = {10, 100_000})
    void aRequestThatCannotBeEncodedEndsItsCallAndNoOther(int size) {
        MethodDescriptor<String, String> broken =
                MethodDescriptor.of(Texts.SERVICE, "Unary", MethodKind.UNARY, new Unwritable(size), new Texts());
        CompletionStage<String> call =
                AsyncClientCalls.unary(script.channel(), broken, CallOptions.DEFAULT, "hi"); // Waits: not connected.
        CompletableFuture<String> other = script.unary("hi");
        ScriptedPeer peer = script.accept();

        assertThat(failureOf(call).status().toString()).isEqualTo("INTERNAL: the request could not be encoded");
        assertThat(failureOf(call).status().cause()).hasMessage("cannot write");
        peer.expectHeaders(1);
        peer.expectRstStream(1, ErrorCode.CANCEL);
        GrpcRequest.collect(peer);
        peer.send(answer(3, "ho"));
        assertThat(answerTo(other)).isEqualTo("ho");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100_000})
    void aRequestOfAStreamThatCannotBeEncodedEndsTheCall(int size) {
        MethodDescriptor<String, String> broken = MethodDescriptor.of(
                Texts.SERVICE, "Chat", MethodKind.BIDI_STREAMING, new Unwritable(size), new Texts());
        ScriptedPeer peer = script.connected();
        HeardCall call = script.start(broken);
        call.send("hi");

        assertThat(call.next()).isEqualTo("INTERNAL: the request could not be encoded");
        peer.expectHeaders(1);
        peer.expectRstStream(1, ErrorCode.CANCEL);
    }

    private record Unwritable(int announced) implements Marshaller<String> {
        @Override
        public int size(String message) {
            return announced;
        }

        @Override
        public void write(String message, ByteBuffer out) {
            throw new IllegalStateException("cannot write");
        }

        @Override
        public String read(ByteBuffer in) {
            throw new UnsupportedOperationException();
        }
    }

    private record Unreadable() implements Marshaller<String> {
        @Override
        public int size(String message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(String message, ByteBuffer out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String read(ByteBuffer in) {
            throw new IllegalArgumentException("never");
        }
    }
}
