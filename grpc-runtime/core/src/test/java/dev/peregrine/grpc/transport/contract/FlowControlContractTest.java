// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.HeardCall;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may send how much, and in which order what was sent is heard. */
@TransportContract
class FlowControlContractTest {

    private static final String KILOBYTE = "x".repeat(1024);

    /** Many times what windows and buffers of these tests hold together. */
    private static final int ENDLESS = 10_000;

    @RegisterExtension
    final Stage stage;

    FlowControlContractTest(TransportUnderTest transport) {
        stage = new Stage(transport);
        stage.serverLimits(limits -> limits.withWindows(16 << 10, 64 << 10).withWriteBufferHighWater(8 << 10));
        stage.clientLimits(limits -> limits.withWindows(16 << 10, 64 << 10).withWriteBufferHighWater(8 << 10));
    }

    // ---- demand ----

    @Test
    void aHandlerHearsNoMoreRequestsThanItAskedFor() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        call.send("a");
        call.send("b");
        call.send("c");
        call.halfClose();

        stage.expectNextCallAnswered(); // Whatever was to be delivered without demand has been by now.
        assertThat(handled.heard()).isEmpty();
        handled.request(1);
        assertThat(handled.next()).isEqualTo("message a");
        stage.expectNextCallAnswered();
        assertThat(handled.heard()).isEmpty();
        handled.request(2);
        assertThat(handled.next()).isEqualTo("message b");
        assertThat(handled.next()).isEqualTo("message c");
        assertThat(handled.next()).isEqualTo("half-close");
        handled.close(Status.OK);
    }

    @Test
    void aClientHearsNoMoreResponsesThanItAskedFor() {
        HeardCall call = stage.start(Texts.WATCH);
        call.send("hi");
        call.halfClose();
        HandledCall handled = stage.handled();
        handled.send("a");
        handled.send("b");
        handled.send("c");
        handled.close(Status.OK);

        assertThat(call.next()).isEqualTo("headers");
        stage.expectNextCallAnswered();
        assertThat(call.heard()).isEmpty();
        call.request(1);
        assertThat(call.next()).isEqualTo("message a");
        stage.expectNextCallAnswered();
        assertThat(call.heard()).isEmpty();
        call.request(2);
        assertThat(call.next()).isEqualTo("message b");
        assertThat(call.next()).isEqualTo("message c");
        assertThat(call.next()).isEqualTo("OK");
    }

    @Test
    void demandAddsUp() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        handled.request(1);
        handled.request(Integer.MAX_VALUE);
        handled.request(Integer.MAX_VALUE);
        call.send("a");
        call.send("b");
        call.halfClose();

        assertThat(handled.next()).isEqualTo("message a");
        assertThat(handled.next()).isEqualTo("message b");
        assertThat(handled.next()).isEqualTo("half-close");
        handled.close(Status.OK);
    }

    // ---- back-pressure ----

    @Test
    void aHandlerThatDoesNotReadHoldsTheClientBack() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        assertThat(call.nextOrReady()).isEqualTo("ready");

        int sent = sendWhile(call::isReady, () -> call.send(KILOBYTE));

        assertThat(sent).isBetween(8, 1000);
        handled.request(sent);
        do {
            assertThat(call.nextOrReady()).isEqualTo("ready"); // Of a moment that is past, perhaps.
        } while (!call.isReady());
        for (int i = 0; i < sent; i++) {
            assertThat(handled.next()).isEqualTo("message " + KILOBYTE);
        }
        handled.close(Status.OK);
    }

    @Test
    void aClientThatDoesNotReadHoldsTheHandlerBack() {
        HeardCall call = stage.start(Texts.WATCH);
        call.send("hi");
        call.halfClose();
        HandledCall handled = stage.handled();
        assertThat(handled.nextOrReady()).isEqualTo("message hi");
        assertThat(handled.nextOrReady()).isEqualTo("half-close");

        int sent = sendWhile(handled::isReady, () -> handled.send(KILOBYTE));

        assertThat(sent).isBetween(8, 1000);
        call.request(sent);
        do {
            assertThat(handled.nextOrReady()).isEqualTo("ready"); // Of a moment that is past, perhaps.
        } while (!handled.isReady());
        assertThat(call.next()).isEqualTo("headers");
        for (int i = 0; i < sent; i++) {
            assertThat(call.next()).isEqualTo("message " + KILOBYTE);
        }
        handled.close(Status.OK);
        assertThat(call.next()).isEqualTo("OK");
    }

    /** Sends until it should not, a moment longer than the transport needs to say so at the latest. */
    private int sendWhile(BooleanSupplier ready, Runnable send) {
        int sent = 0;
        for (int calm = 0; calm < 2; calm++) { // What a busy transport has not taken yet it may take meanwhile.
            while (ready.getAsBoolean() && sent < ENDLESS) {
                send.run();
                sent++;
            }
            stage.expectNextCallAnswered();
        }
        return sent;
    }

    @Test
    void aStreamNobodyReadsDoesNotHoldUpTheOthers() {
        HeardCall stuck = stage.start(Texts.CHAT);
        HandledCall reader = stage.handled();
        sendWhile(stuck::isReady, () -> stuck.send(KILOBYTE));

        stage.expectNextCallAnswered();

        assertThat(reader.heard()).isEmpty();
        reader.close(Status.OK);
    }

    @Test
    void aWriterThatIsHeldBackIsFreedByTheEndOfTheCall() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        sendWhile(call::isReady, () -> call.send(KILOBYTE));
        call.request(1);

        handled.close(Status.of(StatusCode.ABORTED, "enough"));

        assertThat(Stage.endOf(call)).isEqualTo("ABORTED: enough");
        call.send(KILOBYTE);
        stage.expectNextCallAnswered();
    }

    // ---- order ----

    @Test
    void theHalfCloseIsHeardBehindEveryRequest() {
        HeardCall call = stage.start(Texts.CHAT);
        for (int i = 0; i < 100; i++) {
            call.send(KILOBYTE + i);
        }
        call.halfClose();
        HandledCall handled = stage.handled();
        handled.request(Integer.MAX_VALUE);

        for (int i = 0; i < 100; i++) {
            assertThat(handled.next()).isEqualTo("message " + KILOBYTE + i);
        }
        assertThat(handled.next()).isEqualTo("half-close");
        handled.close(Status.OK);
    }

    @Test
    void theEndIsHeardBehindEveryResponse() {
        HeardCall call = stage.start(Texts.WATCH);
        call.send("hi");
        call.halfClose();
        HandledCall handled = stage.handled();
        for (int i = 0; i < 100; i++) {
            handled.send(KILOBYTE + i);
        }
        handled.close(Status.of(StatusCode.OUT_OF_RANGE, "that was all"));
        call.request(Integer.MAX_VALUE);

        assertThat(call.next()).isEqualTo("headers");
        for (int i = 0; i < 100; i++) {
            assertThat(call.next()).isEqualTo("message " + KILOBYTE + i);
        }
        assertThat(call.next()).isEqualTo("OUT_OF_RANGE: that was all");
    }

    // ---- a server that ends before its client has ----

    @Test
    void aServerMayEndBeforeTheFirstRequest() {
        HeardCall call = stage.start(Texts.CHAT);

        stage.handled().close(Status.of(StatusCode.UNAUTHENTICATED, "who are you?"));

        assertThat(call.next()).isEqualTo("UNAUTHENTICATED: who are you?");
    }

    @Test
    void aServerMayEndInTheMidstOfTheRequests() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        handled.request(1);
        call.send("a");
        call.send("b");
        assertThat(handled.next()).isEqualTo("message a");

        handled.send("that will do");
        handled.close(Status.OK, Metadata.EMPTY);

        call.request(Integer.MAX_VALUE);
        call.send("c");
        call.halfClose();
        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("message that will do");
        assertThat(call.next()).isEqualTo("OK");
        stage.expectNextCallAnswered();
        assertThat(handled.heard()).isEmpty();
    }

    @Test
    void aServerThatEndsEarlyIsReadToTheEndAtTheClientsPace() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        handled.send("a");
        handled.send("b");
        handled.close(Status.OK);
        assertThat(call.next()).isEqualTo("headers");

        call.send("on its way");
        call.request(1);
        assertThat(call.next()).isEqualTo("message a");
        call.send("on its way");
        call.request(1);

        assertThat(call.next()).isEqualTo("message b");
        assertThat(call.next()).isEqualTo("OK");
    }
}
