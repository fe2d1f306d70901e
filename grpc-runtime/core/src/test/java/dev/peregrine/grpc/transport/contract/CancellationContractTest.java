// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ForwardingListener;
import dev.peregrine.grpc.client.HeardCall;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls their callers give up, and what is done to a call that has ended. */
@TransportContract
class CancellationContractTest {

    @RegisterExtension
    final Stage stage;

    CancellationContractTest(TransportUnderTest transport) {
        stage = new Stage(transport);
    }

    private static void cancel(ClientCall<?, ?> call) {
        call.cancel("enough", null);
    }

    @Test
    void theHandlerHearsOfACancelBeforeItHasAnswered() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();

        cancel(call);

        assertThat(call.next()).isEqualTo("CANCELLED: enough");
        assertThat(handled.next()).isEqualTo("cancel CANCELLED");
        assertThat(handled.context().cancellation().isCancelled()).isTrue();
    }

    @Test
    void theHandlerHearsOfACancelInTheMidstOfItsAnswer() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        call.request(1);
        handled.send("a");
        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("message a");

        cancel(call);

        assertThat(call.next()).isEqualTo("CANCELLED: enough");
        assertThat(handled.next()).isEqualTo("cancel CANCELLED");
    }

    @Test
    void theHandlerHearsOfACancelAfterTheHalfClose() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        call.halfClose();
        assertThat(handled.next()).isEqualTo("half-close");

        cancel(call);

        assertThat(call.next()).isEqualTo("CANCELLED: enough");
        assertThat(handled.next()).isEqualTo("cancel CANCELLED");
    }

    @Test
    void theHandlerOfASingleRequestHearsOfACancel() {
        HeardCall call = stage.ask(Texts.UNARY, "hi");
        HandledCall handled = stage.handled();
        assertThat(handled.next()).isEqualTo("message hi");
        assertThat(handled.next()).isEqualTo("half-close");

        cancel(call);

        assertThat(call.next()).isEqualTo("CANCELLED: enough");
        assertThat(handled.next()).isEqualTo("cancel CANCELLED");
    }

    @Test
    void aBlockingHandlerIsInterrupted() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        stage.serveUnary(text -> {
            try {
                running.countDown();
                new CountDownLatch(1).await();
            } catch (InterruptedException told) {
                assertThat(CallContext.current().cancellation().isCancelled()).isTrue();
                interrupted.countDown();
            }
            return "nobody hears this";
        });
        HeardCall call = stage.ask(Texts.UNARY, "hi");
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

        cancel(call);

        assertThat(call.next()).isEqualTo("CANCELLED: enough");
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aCallThatIsCancelledWhileItIsReadEndsThere() {
        ClientCall<String, String> call = stage.channel().newCall(Texts.WATCH, CallOptions.DEFAULT);
        HeardCall ear = new HeardCall(call);
        call.start(
                new ForwardingListener<>(ear) {
                    @Override
                    public void onMessage(String response) {
                        super.onMessage(response);
                        cancel(call);
                    }
                },
                Metadata.EMPTY);
        call.request(Integer.MAX_VALUE);
        call.send("hi");
        call.halfClose();
        HandledCall handled = stage.handled();
        handled.send("a");

        assertThat(ear.next()).isEqualTo("headers");
        assertThat(ear.next()).isEqualTo("message a");
        assertThat(ear.next()).isEqualTo("CANCELLED: enough");
        assertThat(handled.next()).isEqualTo("message hi");
        assertThat(handled.next()).isEqualTo("half-close");
        assertThat(handled.next()).isEqualTo("cancel CANCELLED");
    }

    @Test
    void whatTheHandlerSaysAfterACancelIsDropped() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        call.request(Integer.MAX_VALUE);
        cancel(call);
        assertThat(call.next()).isEqualTo("CANCELLED: enough");
        assertThat(handled.next()).isEqualTo("cancel CANCELLED");

        handled.request(1);
        handled.sendHeaders();
        handled.send("late");
        assertThat(handled.isReady()).isFalse();
        handled.close(Status.OK);

        stage.expectNextCallAnswered();
        assertThat(call.heard()).isEmpty();
        assertThat(handled.heard()).isEmpty();
    }

    @Test
    void whatTheClientDoesAfterACancelIsDropped() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        handled.request(Integer.MAX_VALUE);
        cancel(call);
        assertThat(call.next()).isEqualTo("CANCELLED: enough");

        call.send("late");
        call.request(1);
        call.halfClose();
        cancel(call);

        stage.expectNextCallAnswered();
        assertThat(call.heard()).isEmpty();
        assertThat(handled.next()).isEqualTo("cancel CANCELLED");
        assertThat(handled.heard()).isEmpty();
    }

    @Test
    void whatTheClientDoesAfterTheServersEndIsDropped() {
        HeardCall call = stage.start(Texts.CHAT);
        stage.handled().close(Status.OK);
        call.request(1);
        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("OK");

        call.send("late");
        call.request(1);
        cancel(call);
        call.halfClose();

        stage.expectNextCallAnswered();
        assertThat(call.heard()).isEmpty();
    }

    @Test
    void aCancelledCallLeavesTheOthersAlone() {
        HeardCall one = stage.start(Texts.CHAT);
        HandledCall ofOne = stage.handled();
        HeardCall other = stage.start(Texts.CHAT);
        HandledCall ofOther = stage.handled();

        cancel(one);
        assertThat(ofOne.next()).isEqualTo("cancel CANCELLED");
        other.request(1);
        ofOther.send("still here");

        assertThat(other.next()).isEqualTo("headers");
        assertThat(other.next()).isEqualTo("message still here");
        ofOther.close(Status.OK);
    }
}
