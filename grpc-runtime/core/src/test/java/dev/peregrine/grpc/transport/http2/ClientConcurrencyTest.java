// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Marshaller;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.MethodKind;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.testkit.Setting;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls beyond what the server takes at once wait their turn (RFC 9113 §5.1.2). */
@Timeout(30)
class ClientConcurrencyTest {

    private static final Frame.Settings ONE_AT_A_TIME = new Frame.Settings().with(Setting.MAX_CONCURRENT_STREAMS, 1);

    @RegisterExtension
    final ClientScript script = new ClientScript();

    @Test
    void callsBeyondTheServersLimitWaitForOneToEnd() {
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME);
        CompletableFuture<String> first = script.unary("1");
        CompletableFuture<String> second = script.unary("2");
        CompletableFuture<String> third = script.unary("3");

        assertThat(GrpcRequest.collect(peer).streamId()).isEqualTo(1);
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(answer(1, "a"));
        assertThat(answerTo(first)).isEqualTo("a");
        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("2");
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(new Frame.RstStream(3, ErrorCode.CANCEL));
        assertThat(failureOf(second).code()).isEqualTo(StatusCode.CANCELLED);
        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("3");
        peer.send(answer(5, "c"));
        assertThat(answerTo(third)).isEqualTo("c");
    }

    @Test
    void oneCallMoreThanMayWaitIsRefused() {
        script.channel(builder -> builder.limits(limits -> limits.withMaxWaitingCalls(2)));
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME);
        CompletableFuture<String> first = script.unary("1");
        script.unary("2");
        script.unary("3");

        CompletableFuture<String> tooMany = script.unary("4");

        assertThat(failureOf(tooMany).status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(failureOf(tooMany).status().description()).startsWith("2 calls wait for the server already");
        peer.send(answer(1, "a"));
        assertThat(answerTo(first)).isEqualTo("a");
    }

    @Test
    void aServerThatTakesNoneMayTakeSomeLater() {
        ScriptedPeer peer = script.connected(new Frame.Settings().with(Setting.MAX_CONCURRENT_STREAMS, 0));
        CompletableFuture<String> call = script.unary("hi");
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(new Frame.Settings().with(Setting.MAX_CONCURRENT_STREAMS, 5));
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));
        assertThat(answerTo(call)).isEqualTo("ho");
    }

    @Test
    void aLimitThatShrinksStopsNewCallsOnly() {
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> first = script.unary("1");
        CompletableFuture<String> second = script.unary("2");
        GrpcRequest.collect(peer);
        GrpcRequest.collect(peer);
        peer.send(ONE_AT_A_TIME).expectSettingsAck();
        CompletableFuture<String> third = script.unary("3");

        peer.send(answer(1, "a"));
        assertThat(answerTo(first)).isEqualTo("a");
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(answer(3, "b"));
        assertThat(answerTo(second)).isEqualTo("b");
        assertThat(GrpcRequest.collect(peer).streamId()).isEqualTo(5);
        peer.send(answer(5, "c"));
        assertThat(answerTo(third)).isEqualTo("c");
    }

    @Test
    void aStreamThatWaitsKeepsWhatIsWrittenMeanwhile() {
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME);
        script.unary("1");
        GrpcRequest.collect(peer);
        HeardCall stream = script.start(Texts.CHAT);
        stream.send("a");
        stream.send("b".repeat(20_000));
        stream.halfClose();
        stream.request(1);
        assertThat(peer.pingBarrier()).isEmpty();

        peer.send(answer(1, "a"));
        assertThat(GrpcRequest.collect(peer).messages())
                .extracting(message -> message.payload().length())
                .containsExactly(1, 20_000);
        peer.send(answer(3, "c"));
        assertThat(stream.next()).isEqualTo("headers");
        assertThat(stream.next()).isEqualTo("message c");
        assertThat(stream.next()).isEqualTo("OK");
    }

    @Test
    void aCallThatIsCancelledWhileItWaitsIsNeverSent() {
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME);
        script.unary("1");
        GrpcRequest.collect(peer);
        HeardCall stream = script.start(Texts.CHAT);
        stream.send("a");
        stream.cancel("enough", null);

        assertThat(stream.next()).isEqualTo("CANCELLED: enough");
        peer.send(answer(1, "a"));
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void theDeadlineOfACallThatWaitsPasses() {
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME);
        script.unary("1");
        GrpcRequest.collect(peer);
        CompletableFuture<String> late = script.unary(CallOptions.DEFAULT.withTimeout(Duration.ofMillis(30)), "2");

        assertThat(failureOf(late).code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        peer.send(answer(1, "a"));
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void callsThatWaitGoToTheNextConnectionWhenThisOneIsLost() {
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME);
        CompletableFuture<String> first = script.unary("1");
        GrpcRequest.collect(peer);
        CompletableFuture<String> second = script.unary("2");
        peer.pingBarrier();
        peer.close();

        assertThat(failureOf(first).code()).isEqualTo(StatusCode.UNAVAILABLE);
        ScriptedPeer next = script.accept();
        assertThat(GrpcRequest.collect(next).onlyMessage().utf8()).isEqualTo("2");
        next.send(answer(1, "b"));
        assertThat(answerTo(second)).isEqualTo("b");
    }

    @Test
    void callsThatWaitGoToTheNextConnectionWhenTheServerGoesAway() {
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME);
        CompletableFuture<String> first = script.unary("1");
        GrpcRequest.collect(peer);
        CompletableFuture<String> second = script.unary("2");
        peer.pingBarrier();
        peer.send(new Frame.GoAway(1, ErrorCode.NO_ERROR, ""));

        ScriptedPeer next = script.accept();
        assertThat(GrpcRequest.collect(next).onlyMessage().utf8()).isEqualTo("2");
        next.send(answer(1, "b"));
        assertThat(answerTo(second)).isEqualTo("b");
        peer.send(answer(1, "a"));
        assertThat(answerTo(first)).isEqualTo("a");
    }

    /** A stream that both ends have closed counts no more, though its answer lies here unread. */
    @Test
    void anAnswerThatIsCompleteAndUnreadDoesNotKeepOthersWaiting() {
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME);
        HeardCall unread = script.start(Texts.WATCH);
        unread.send("1");
        unread.halfClose();
        GrpcRequest.collect(peer);
        CompletableFuture<String> next = script.unary("2");
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(answer(1, "a"));
        assertThat(unread.next()).isEqualTo("headers");

        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("2");
        script.unary("3");
        assertThat(peer.pingBarrier()).as("the second one does count").isEmpty();
        peer.send(answer(3, "b"));
        assertThat(answerTo(next)).isEqualTo("b");
        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("3");

        unread.request(1);
        assertThat(unread.next()).isEqualTo("message a");
        assertThat(unread.next()).isEqualTo("OK");
        script.unary("4");
        assertThat(peer.pingBarrier()).as("3 is open yet").isEmpty();
    }

    @Test
    void anAnswerThatIsCompleteCountsUntilTheRequestIs() {
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME);
        HeardCall unread = script.start(Texts.CHAT);
        peer.expectHeaders(1);
        peer.send(answer(1, "a"));
        assertThat(unread.next()).isEqualTo("headers");
        script.unary("2");
        assertThat(peer.pingBarrier()).isEmpty();
        unread.halfClose();

        peer.expectData(1);
        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("2");
    }

    @Test
    void anAnswerThatIsCompleteCountsNoMoreOnceTheLastOfARequestThatWaitedHasGoneOut() {
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME.with(Setting.INITIAL_WINDOW_SIZE, 0))
                .withoutWindowUpdates();
        HeardCall unread = script.start(Texts.CHAT);
        unread.send("1");
        unread.halfClose();
        peer.expectHeaders(1);
        peer.send(answer(1, "a"));
        assertThat(unread.next()).isEqualTo("headers");
        script.start(Texts.CHAT);
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(new Frame.WindowUpdate(1, 100));

        assertThat(peer.expectData(1).endStream()).isTrue();
        peer.expectHeaders(3);
        unread.request(1);
        assertThat(unread.next()).isEqualTo("message a");
        assertThat(unread.next()).isEqualTo("OK");
    }

    @Test
    void callsThatWaitAreNotOvertakenByThoseOfWhoHearsOfAnEnd() {
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME);
        script.unary("1");
        GrpcRequest.collect(peer);
        unencodable().exceptionally(failed -> {
            script.unary("3"); // On the connection's own thread, while those that wait are opened.
            return "";
        });
        script.unary("2");
        assertThat(peer.pingBarrier()).isEmpty();
        peer.send(answer(1, "a"));

        peer.expectHeaders(3);
        peer.expectRstStream(3, ErrorCode.CANCEL);
        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("2");
        peer.send(answer(5, "b"));
        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("3");
    }

    /** Each one that ends as it is opened lets the next one in. */
    @Test
    void thousandsOfWaitingCallsThatCannotBeEncodedEndOneByOne() {
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME);
        CompletableFuture<String> first = script.unary("1");
        GrpcRequest.collect(peer);
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            calls.add(unencodable());
        }
        CompletableFuture<String> last = script.unary("last");
        peer.send(answer(1, "a"));
        assertThat(answerTo(first)).isEqualTo("a");

        for (CompletableFuture<String> call : calls) {
            assertThat(failureOf(call).status().toString()).isEqualTo("INTERNAL: the request could not be encoded");
        }
        assertThat(last).isNotDone();
    }

    /** Those that were cancelled leave no trace in the order of the others. */
    @Test
    void callsAreCancelledFromTheMidstOfThoseThatWait() {
        ScriptedPeer peer = script.connected(ONE_AT_A_TIME);
        CompletableFuture<String> first = script.unary("first");
        GrpcRequest.collect(peer);
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            calls.add(script.unary("call " + i));
        }
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (i != 4_321 && i != 8_765) {
                calls.get(i).cancel(true);
            }
        }
        assertThat(peer.pingBarrier()).isEmpty(); // Behind it all of that has happened.
        peer.send(answer(1, "a"));
        assertThat(answerTo(first)).isEqualTo("a");

        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("call 4321");
        peer.send(answer(3, "b"));
        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("call 8765");
    }

    /** A call that ends as soon as it is opened. */
    private CompletableFuture<String> unencodable() {
        MethodDescriptor<String, String> broken =
                MethodDescriptor.of(Texts.SERVICE, "Unary", MethodKind.UNARY, new Unwritable(), new Texts());
        return AsyncClientCalls.unary(script.channel(), broken, CallOptions.DEFAULT, "hi")
                .toCompletableFuture();
    }

    private record Unwritable() implements Marshaller<String> {
        @Override
        public int size(String message) {
            return 10;
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

    @Test
    void manyCallsAtOnceShareOneConnection() {
        ScriptedPeer peer = script.connected();
        for (int i = 0; i < 500; i++) {
            script.unary("x");
        }
        for (int i = 0; i < 500; i++) {
            assertThat(GrpcRequest.collect(peer).streamId()).isEqualTo(2 * i + 1);
        }
    }
}
