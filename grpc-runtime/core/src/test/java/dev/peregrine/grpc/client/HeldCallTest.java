// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that waits before it leaves, and what may happen to it meanwhile. */
@Timeout(30)
class HeldCallTest {

    private static final MetadataKey<String> KEY = MetadataKey.ascii("k");

    private final CompletableFuture<Metadata> preparation = new CompletableFuture<>();
    private final Recorded recorded = new Recorded();

    private HeardCall held(MethodDescriptor<String, String> method, CallOptions options) {
        return new HeardCall(new HeldCall<>(method, options, recorded, "the test", headers -> preparation));
    }

    private HeardCall started(MethodDescriptor<String, String> method) {
        HeardCall call = held(method, CallOptions.DEFAULT);
        call.start();
        return call;
    }

    @Test
    void nothingIsSaidBeforeThePreparationIsDoneAndThenAllInItsOrder() {
        HeardCall call = started(Texts.CHAT);
        call.request(2);
        call.send("a");
        call.setMessageCompression(false);
        call.send("b");
        call.halfClose();
        assertThat(recorded.did).isEmpty();

        preparation.complete(Metadata.of(KEY, "v"));
        assertThat(recorded.did)
                .containsExactly("start v", "request 2", "send a", "compress false", "send b", "halfClose");
        call.request(1);
        assertThat(recorded.did).endsWith("request 1");
        recorded.end(Status.OK);
        assertThat(call.next()).isEqualTo("OK");
    }

    @Test
    void theHeadersOfTheStartAreWhatIsPrepared() {
        HeardCall call = new HeardCall(new HeldCall<>(
                Texts.UNARY,
                CallOptions.DEFAULT,
                recorded,
                "the test",
                headers -> CompletableFuture.completedFuture(headers)));
        call.start(call, Metadata.of(KEY, "mine"));
        assertThat(recorded.did).containsExactly("start mine");
    }

    @Test
    void whatIsSaidWhileItLeavesIsSaidBehindWhatWasKept() {
        HeardCall call = started(Texts.CHAT);
        call.send("a");
        call.send("b");
        recorded.whileSending = () -> call.send("c");
        preparation.complete(Metadata.EMPTY);
        assertThat(recorded.did).containsExactly("start null", "send a", "send b", "send c");
    }

    @Test
    void aCancelledCallNeverLeaves() {
        HeardCall call = started(Texts.UNARY);
        call.send("a");
        call.cancel("changed my mind", null);
        assertThat(call.next()).isEqualTo("CANCELLED: changed my mind");

        preparation.complete(Metadata.EMPTY);
        call.send("b");
        call.halfClose();
        call.cancel("again", null);
        assertThat(recorded.did).isEmpty();
        assertThat(call.heard()).isEmpty();
    }

    @Test
    void aCallThatIsCancelledBeforeItsStartEndsWithIt() {
        HeardCall call = held(Texts.UNARY, CallOptions.DEFAULT);
        call.cancel("too late", null);
        call.cancel("the second time", null);
        assertThat(call.heard()).isEmpty();
        call.start();
        assertThat(call.next()).isEqualTo("CANCELLED: too late");
        preparation.complete(Metadata.EMPTY);
        assertThat(recorded.did).isEmpty();
    }

    @Test
    void aCancelledCallThatIsCancelledAgainWhileItStartsEndsOnce() throws Exception {
        AtomicInteger turn = new AtomicInteger();
        List<HeardCall> calls = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            HeardCall call = held(Texts.UNARY, CallOptions.DEFAULT);
            call.cancel("too late", null);
            calls.add(call);
        }
        Thread canceller = new Thread(() -> {
            for (int i = turn.get(); i < calls.size(); i = turn.get()) {
                calls.get(i).cancel("again", null);
            }
        });
        canceller.start();
        for (HeardCall call : calls) {
            call.start();
            turn.incrementAndGet();
        }
        canceller.join();
        assertThat(calls).allSatisfy(call -> assertThat(call.heard()).containsExactly("CANCELLED: too late"));
    }

    @Test
    void aCallThatIsCancelledWhileItLeavesIsCancelled() {
        HeardCall call = started(Texts.CHAT);
        call.send("a");
        recorded.whileSending = () -> call.cancel("enough", null);
        preparation.complete(Metadata.EMPTY);
        assertThat(recorded.did).containsExactly("start null", "send a", "cancel enough");
    }

    @Test
    void theDeadlineEndsACallThatIsHeld() {
        HeardCall call = held(Texts.UNARY, CallOptions.DEFAULT.withTimeout(Duration.ofMillis(20)));
        call.start();
        assertThat(call.next()).isEqualTo("DEADLINE_EXCEEDED: the deadline passed while the call waited for the test");
        preparation.complete(Metadata.EMPTY);
        assertThat(recorded.did).isEmpty();
    }

    @Test
    void aDeadlineThatHasPassedEndsTheCallAtOnce() {
        HeardCall call = held(Texts.UNARY, CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofSeconds(-1))));
        call.start();
        assertThat(call.next()).startsWith("DEADLINE_EXCEEDED: ");
    }

    @Test
    void theTimeoutOfTheCallThatLeavesCountsFromTheStart() {
        HeardCall call = held(Texts.UNARY, CallOptions.DEFAULT.withTimeout(Duration.ofHours(1)));
        call.start();
        CallOptions options = recorded.options;
        assertThat(options).isNotNull();
        assertThat(options.timeout()).isNull();
        assertThat(options.deadline()).isNotNull();
    }

    @Test
    void aStatusThatThePreparationFailsWithEndsTheCallWithItsTrailers() {
        HeardCall call = started(Texts.UNARY);
        preparation.completeExceptionally(
                Status.of(StatusCode.PERMISSION_DENIED, "not you").asException(Metadata.of(KEY, "why")));
        assertThat(call.next()).isEqualTo("PERMISSION_DENIED: not you");
        assertThat(call.trailers().get(KEY)).isEqualTo("why");
        assertThat(recorded.did).isEmpty();
    }

    @Test
    void anyOtherFailureEndsTheCallWithoutItsText() {
        HeardCall call = started(Texts.UNARY);
        preparation.completeExceptionally(new IllegalStateException("secret"));
        assertThat(call.next()).isEqualTo("INTERNAL: the call could not get the test");
    }

    @Test
    void aPreparationThatThrowsHasFailed() {
        HeardCall call =
                new HeardCall(new HeldCall<>(Texts.UNARY, CallOptions.DEFAULT, recorded, "the test", headers -> {
                    throw new IllegalStateException("secret");
                }));
        call.start();
        assertThat(call.next()).isEqualTo("INTERNAL: the call could not get the test");
    }

    @Test
    void whoeverWasToldThatAStreamIsNotReadyHearsWhenItIs() {
        HeardCall call = started(Texts.CHAT);
        assertThat(call.isReady()).isFalse();
        preparation.complete(Metadata.EMPTY);
        assertThat(call.isReady()).isTrue();
        assertThat(call.nextOrReady()).isEqualTo("ready");
    }

    @Test
    void nothingIsHeardBehindTheEnd() {
        HeardCall call = started(Texts.CHAT);
        recorded.whileStarting = () -> recorded.end(Status.of(StatusCode.UNAVAILABLE));
        preparation.complete(Metadata.EMPTY);
        assertThat(call.nextOrReady()).isEqualTo("UNAVAILABLE");
        assertThat(call.heard()).isEmpty();
    }

    @Test
    void aListenerThatFailsOnTheThreadOfThePreparationCancelsTheCall() {
        HeardCall call = held(Texts.CHAT, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onReady() {
                        recorded.message("heard on the same thread");
                    }

                    @Override
                    public void onMessage(String response) {
                        throw new AssertionError(response);
                    }
                },
                Metadata.EMPTY);
        preparation.complete(Metadata.EMPTY);
        assertThat(recorded.did).containsExactly("start null", "cancel a listener failed");
    }

    @Test
    void anErrorWhileARequestIsSentCancelsTheCall() {
        HeardCall call = started(Texts.CHAT);
        call.send("a");
        recorded.whileSending = () -> {
            throw new NoClassDefFoundError("for the test");
        };
        preparation.complete(Metadata.EMPTY);
        assertThat(recorded.did).endsWith("cancel a request could not be sent");
    }

    @Test
    void aStreamThatIsNotReadyWhenItLeavesIsNotCalledReady() {
        HeardCall call = started(Texts.CHAT);
        recorded.ready = false;
        preparation.complete(Metadata.EMPTY);
        recorded.end(Status.OK);
        assertThat(call.nextOrReady()).isEqualTo("OK");
    }

    @Test
    void theListenerIsCalledOnTheExecutorOfTheOptions() {
        List<Runnable> tasks = new ArrayList<>();
        HeardCall call = held(Texts.UNARY, CallOptions.DEFAULT.withExecutor(tasks::add));
        call.start();
        call.cancel("no", null);
        assertThat(call.heard()).isEmpty();
        tasks.forEach(Runnable::run);
        assertThat(call.heard()).containsExactly("CANCELLED: no");
    }

    @Test
    void anExecutorThatIsFullDoesNotSwallowTheEnd() {
        HeardCall call = held(Texts.UNARY, CallOptions.DEFAULT.withExecutor(task -> {
            throw new RejectedExecutionException("full");
        }));
        call.start();
        call.cancel("no", null);
        assertThat(call.next()).isEqualTo("CANCELLED: no");
    }

    @Test
    void aCallThatCannotBeStartedEnds() {
        HeardCall call = started(Texts.UNARY);
        recorded.whileStarting = () -> {
            throw new IllegalStateException("cannot");
        };
        preparation.complete(Metadata.EMPTY);
        assertThat(call.next()).isEqualTo("INTERNAL: the call could not be started");
    }

    @Test
    void aRequestThatCannotBeSentCancelsTheCall() {
        HeardCall call = started(Texts.CHAT);
        call.send("a");
        recorded.whileSending = () -> {
            throw new IllegalStateException("cannot");
        };
        preparation.complete(Metadata.EMPTY);
        assertThat(recorded.did).endsWith("cancel a request could not be sent");
    }

    @Test
    void whatACallRefusesIsRefusedWhileItIsHeld() {
        HeardCall call = held(Texts.CHAT, CallOptions.DEFAULT);
        assertThatIllegalStateException().isThrownBy(() -> call.send("a")).withMessageContaining("is not started");
        assertThatIllegalStateException().isThrownBy(call::halfClose).withMessageContaining("is not started");
        assertThatIllegalArgumentException().isThrownBy(() -> call.request(0));
        call.start();
        assertThatIllegalStateException().isThrownBy(call::start).withMessageContaining("was started before");
    }

    /** A channel whose calls write down what is done with them. */
    private static final class Recorded implements Channel {

        final List<String> did = new ArrayList<>();
        boolean ready = true;

        @Nullable
        CallOptions options;

        @Nullable
        Runnable whileStarting;

        @Nullable
        Runnable whileSending;

        private ClientCall.@Nullable Listener<?> listener;

        void end(Status status) {
            listener.onClose(status, Metadata.EMPTY);
        }

        @SuppressWarnings("unchecked")
        void message(String response) {
            ((ClientCall.Listener<String>) listener).onMessage(response);
        }

        @Override
        public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
            this.options = options;
            return new ClientCall<>() {
                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    Recorded.this.listener = listener;
                    did.add("start " + headers.get(KEY));
                    run(whileStarting);
                }

                @Override
                public void request(int messages) {
                    did.add("request " + messages);
                }

                @Override
                public void send(Q request) {
                    did.add("send " + request);
                    Runnable now = whileSending;
                    whileSending = null;
                    run(now);
                }

                @Override
                public void halfClose() {
                    did.add("halfClose");
                }

                @Override
                public void cancel(String why, @Nullable Throwable cause) {
                    did.add("cancel " + why);
                }

                @Override
                public void setMessageCompression(boolean compressed) {
                    did.add("compress " + compressed);
                }

                @Override
                public boolean isResponseCompressed() {
                    return false;
                }

                @Override
                public boolean isReady() {
                    return ready;
                }
            };
        }

        private static void run(@Nullable Runnable now) {
            if (now != null) {
                now.run();
            }
        }

        @Override
        public String authority() {
            return "recorded";
        }

        @Override
        public boolean isPrivate() {
            return true;
        }
    }
}
