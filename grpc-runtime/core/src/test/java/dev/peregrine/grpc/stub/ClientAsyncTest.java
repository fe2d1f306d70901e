// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static dev.peregrine.grpc.client.ClientScript.message;
import static org.assertj.core.api.Assertions.assertThat;

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
import dev.peregrine.grpc.testkit.Setting;
import dev.peregrine.grpc.transport.Limits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The asynchronous face of a client: stages and publishers. */
@Timeout(30)
class ClientAsyncTest {

    @RegisterExtension
    final ClientScript script = new ClientScript();

    private ScriptedPeer peer;

    private Watcher watching() {
        peer = script.connected();
        Watcher watcher = new Watcher();
        AsyncClientCalls.serverStreaming(script.channel(), Texts.WATCH, CallOptions.DEFAULT, "hi")
                .subscribe(watcher);
        GrpcRequest.collect(peer);
        return watcher;
    }

    // ---- stages ----

    @Test
    void cancellingTheFutureCancelsTheCall() {
        peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        call.cancel(false);

        peer.expectRstStream(1, ErrorCode.CANCEL);
        assertThat(call).isCancelled();
    }

    @Test
    void cancellingAnAnsweredFutureSaysNothing() {
        peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));
        answerTo(call);

        assertThat(call.cancel(true)).isFalse();
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void resultsArriveOnTheExecutorOfTheOptions() {
        peer = script.connected();
        CompletableFuture<String> thread = new CompletableFuture<>();
        Executor named = task -> new Thread(task, "my-thread").start();
        script.unary(CallOptions.DEFAULT.withExecutor(named), "hi")
                .thenAccept(answer -> thread.complete(Thread.currentThread().getName()));
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));

        assertThat(answerTo(thread)).isEqualTo("my-thread");
    }

    @Test
    void aLargeResponseIsDecodedOnTheExecutorOfTheOptions() {
        peer = script.connected();
        CompletableFuture<String> call =
                script.unary(CallOptions.DEFAULT.withExecutor(task -> new Thread(task).start()), "hi");
        GrpcRequest.collect(peer);
        String large = "x".repeat(200_000);
        Frame.Data whole = message(1, large);
        peer.send(GrpcFrames.response(1));
        for (int from = 0; from < whole.payload().length(); from += 16_000) {
            int to = Math.min(from + 16_000, whole.payload().length());
            peer.send(new Frame.Data(1, whole.payload().slice(from, to), false));
        }
        peer.send(GrpcFrames.end(1, 0));

        assertThat(answerTo(call)).isEqualTo(large);
    }

    // ---- publishers of responses ----

    @Test
    void theCallIsMadeWhenSomebodySubscribesOnceForEach() {
        peer = script.connected();
        Flow.Publisher<String> publisher =
                AsyncClientCalls.serverStreaming(script.channel(), Texts.WATCH, CallOptions.DEFAULT, "hi");
        assertThat(peer.pingBarrier()).isEmpty();

        publisher.subscribe(new Watcher());
        publisher.subscribe(new Watcher());
        assertThat(GrpcRequest.collect(peer).streamId()).isEqualTo(1);
        assertThat(GrpcRequest.collect(peer).streamId()).isEqualTo(3);
    }

    @Test
    void asMuchIsDeliveredAsWasAskedFor() {
        Watcher watcher = watching();
        peer.send(GrpcFrames.response(1), message(1, "a"), message(1, "b"), message(1, "c"), GrpcFrames.end(1, 0));
        peer.pingBarrier();
        assertThat(watcher.heard()).isEmpty();

        watcher.request(1);
        assertThat(watcher.next()).isEqualTo("next a");
        peer.pingBarrier();
        assertThat(watcher.heard()).isEmpty();

        watcher.request(Long.MAX_VALUE);
        watcher.request(Long.MAX_VALUE);
        assertThat(watcher.next()).isEqualTo("next b");
        assertThat(watcher.next()).isEqualTo("next c");
        assertThat(watcher.next()).isEqualTo("complete");
    }

    @Test
    void demandFromWithinADeliveryIsHeard() {
        peer = script.connected();
        Watcher oneByOne = new Watcher() {
            @Override
            public void onNext(String item) {
                super.onNext(item);
                request(1);
            }
        };
        AsyncClientCalls.serverStreaming(script.channel(), Texts.WATCH, CallOptions.DEFAULT, "hi")
                .subscribe(oneByOne);
        GrpcRequest.collect(peer);
        peer.send(GrpcFrames.response(1), message(1, "a"), message(1, "b"), message(1, "c"), GrpcFrames.end(1, 0));
        oneByOne.request(1);

        assertThat(oneByOne.next()).isEqualTo("next a");
        assertThat(oneByOne.next()).isEqualTo("next b");
        assertThat(oneByOne.next()).isEqualTo("next c");
        assertThat(oneByOne.next()).isEqualTo("complete");
    }

    @Test
    void demandBeforeTheConnectionIsThereCounts() {
        Watcher watcher = new Watcher();
        AsyncClientCalls.serverStreaming(script.channel(), Texts.WATCH, CallOptions.DEFAULT, "hi")
                .subscribe(watcher);
        watcher.request(1);
        watcher.request(1);
        peer = script.accept();
        GrpcRequest.collect(peer);
        peer.send(GrpcFrames.response(1), message(1, "a"), message(1, "b"));

        assertThat(watcher.next()).isEqualTo("next a");
        assertThat(watcher.next()).isEqualTo("next b");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aDemandThatIsNotPositiveIsAnErrorAndCancels(long demand) {
        Watcher watcher = watching();
        watcher.request(demand);

        peer.expectRstStream(1, ErrorCode.CANCEL);
        assertThat(watcher.next())
                .isEqualTo("error java.lang.IllegalArgumentException: demand: " + demand
                        + " (expected: > 0; Reactive Streams §3.9)");
    }

    @Test
    void cancellingTheSubscriptionCancelsTheCallAndNothingMoreIsHeard() {
        Watcher watcher = watching();
        watcher.request(9);
        watcher.cancel();

        peer.expectRstStream(1, ErrorCode.CANCEL);
        peer.send(GrpcFrames.response(1), message(1, "a"), GrpcFrames.end(1, 0));
        peer.pingBarrier();
        assertThat(watcher.heard()).isEmpty();
        watcher.cancel();
        watcher.request(1);
        watcher.request(-1);
        assertThat(peer.pingBarrier()).isEmpty();
        assertThat(watcher.heard()).isEmpty();
    }

    @Test
    void theSubscriberIsIntroducedBeforeItHearsOfAFailure() {
        script.channel().close();
        Watcher watcher = new Watcher();
        AsyncClientCalls.serverStreaming(script.channel(), Texts.WATCH, CallOptions.DEFAULT, "hi")
                .subscribe(watcher);

        assertThat(watcher.next()).startsWith("error ").contains("UNAVAILABLE");
        assertThat(watcher.wasIntroducedFirst()).isTrue();
    }

    @Test
    void aFailureBringsItsStatusWithoutDemand() {
        Watcher watcher = watching();
        peer.send(GrpcFrames.trailersOnly(1, 5, "nothing"));

        assertThat(watcher.next()).isEqualTo("error " + StatusException.class.getName() + ": NOT_FOUND: nothing");
    }

    @Test
    void aSubscriberThatThrowsCancelsTheCall() {
        peer = script.connected();
        Watcher rude = new Watcher() {
            @Override
            public void onNext(String item) {
                throw new IllegalStateException("I throw");
            }
        };
        AsyncClientCalls.serverStreaming(script.channel(), Texts.WATCH, CallOptions.DEFAULT, "hi")
                .subscribe(rude);
        GrpcRequest.collect(peer);
        rude.request(1);
        peer.send(GrpcFrames.response(1), message(1, "a"));

        peer.expectRstStream(1, ErrorCode.CANCEL);
        assertThat(rude.next()).contains("CANCELLED: a listener failed");
    }

    // ---- publishers of requests ----

    @Test
    void requestsAreAskedForAsTheNetworkTakesThem() {
        script.channel(builder -> builder.limits(Limits.DEFAULT.withWriteBufferHighWater(10)));
        peer = script.connected(new Frame.Settings().with(Setting.INITIAL_WINDOW_SIZE, 0))
                .withoutWindowUpdates();
        Source source = new Source();
        upload(source);
        peer.expectHeaders(1);

        assertThat(source.nextDemand()).isEqualTo(1);
        source.next("0123456789"); // The buffer is full now.
        peer.pingBarrier();
        assertThat(source.demands()).isEmpty();

        peer.send(new Frame.WindowUpdate(1, 15));
        assertThat(source.nextDemand()).isEqualTo(1);
        source.complete();
        peer.expectData(1);
        assertThat(peer.expectData(1).endStream()).isTrue();
    }

    @Test
    void requestsAreAskedForWhenTheConnectionIsThere() {
        Source source = new Source();
        upload(source);
        peer = script.accept();
        peer.expectHeaders(1);

        assertThat(source.nextDemand()).isEqualTo(1);
        source.next("a");
        assertThat(peer.expectData(1)).isEqualTo(message(1, "a"));
    }

    @Test
    void aPublisherThatFailsCancelsTheCall() {
        peer = script.connected();
        Source source = new Source();
        CompletionStage<String> call = upload(source);
        peer.expectHeaders(1);
        source.fail(new IllegalStateException("no more"));

        peer.expectRstStream(1, ErrorCode.CANCEL);
        StatusException failure = failureOf(call);
        assertThat(failure.status().toString()).isEqualTo("CANCELLED: the publisher of requests failed");
        assertThat(failure).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void theEndOfTheCallCancelsThePublisher() {
        peer = script.connected();
        Source source = new Source();
        CompletionStage<String> call = upload(source);
        peer.expectHeaders(1);
        peer.send(GrpcFrames.trailersOnly(1, 8, "full"));

        assertThat(failureOf(call).code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        answerTo(source.cancelled);
    }

    @Test
    void aSecondSubscriptionIsCancelled() {
        peer = script.connected();
        Source first = new Source();
        Source second = new Source();
        AsyncClientCalls.clientStreaming(script.channel(), Texts.UPLOAD, CallOptions.DEFAULT, subscriber -> {
            first.subscribe(subscriber);
            second.subscribe(subscriber);
        });

        answerTo(second.cancelled);
        assertThat(first.cancelled).isNotDone();
    }

    @Test
    void aRequestThatCannotBeSentCancelsCallAndPublisher() {
        peer = script.connected();
        Source source = new Source();
        CompletionStage<String> call = upload(source);
        peer.expectHeaders(1);
        source.next(null);

        assertThat(failureOf(call).status().toString()).isEqualTo("CANCELLED: a request could not be sent");
        answerTo(source.cancelled);
    }

    @Test
    void aConversationRunsBothWays() {
        peer = script.connected();
        Source source = new Source();
        Watcher watcher = new Watcher();
        AsyncClientCalls.bidiStreaming(script.channel(), Texts.CHAT, CallOptions.DEFAULT, source)
                .subscribe(watcher);
        peer.expectHeaders(1);
        watcher.request(2);
        source.next("a");
        assertThat(peer.expectData(1)).isEqualTo(message(1, "a"));
        peer.send(GrpcFrames.response(1), message(1, "b"));
        assertThat(watcher.next()).isEqualTo("next b");
        source.complete();
        assertThat(peer.expectData(1).endStream()).isTrue();
        peer.send(message(1, "c"), GrpcFrames.end(1, 0));
        assertThat(watcher.next()).isEqualTo("next c");
        assertThat(watcher.next()).isEqualTo("complete");
        answerTo(source.cancelled);
    }

    private CompletionStage<String> upload(Source source) {
        return AsyncClientCalls.clientStreaming(script.channel(), Texts.UPLOAD, CallOptions.DEFAULT, source);
    }
}
