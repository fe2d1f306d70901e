// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.HeardCall;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How large messages and metadata may be, to the byte where the application can count them. */
@TransportContract
class SizeLimitsContractTest {

    private static final int LIMIT = 1000;
    private static final String ALLOWED = "x".repeat(LIMIT);
    private static final String TOO_LARGE = "x".repeat(LIMIT + 1);

    private static final MetadataKey<String> TEXT = MetadataKey.ascii("x-text");
    private static final Metadata MUCH = Metadata.of(TEXT, "x".repeat(800));
    private static final Metadata TOO_MUCH = Metadata.of(TEXT, "x".repeat(1500));

    @RegisterExtension
    final Stage stage;

    SizeLimitsContractTest(TransportUnderTest transport) {
        stage = new Stage(transport);
        stage.serverLimits(limits -> limits.withMaxMessageSize(LIMIT).withMaxMetadataSize(1500));
        stage.clientLimits(limits -> limits.withMaxMessageSize(LIMIT).withMaxMetadataSize(1000));
    }

    private static void expectTooLarge(StatusException failure) {
        assertThat(failure.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
        assertThat(failure.status().description())
                .startsWith("a message of 1001 bytes is larger than the allowed 1000");
    }

    @Test
    void aRequestOfTheLimitIsTaken() {
        stage.ask(Texts.UNARY, ALLOWED);

        assertThat(stage.handled().next()).isEqualTo("message " + ALLOWED);
    }

    @Test
    void aRequestOfOneByteMoreIsRefused() {
        CompletableFuture<String> answer = stage.unary(TOO_LARGE);

        expectTooLarge(Stage.failureOf(answer));
        stage.expectNextCallAnswered();
    }

    @Test
    void requestsBeforeOneThatIsTooLargeAreDelivered() {
        HeardCall call = stage.start(Texts.CHAT);
        HandledCall handled = stage.handled();
        call.send("small");
        call.send(TOO_LARGE);

        handled.request(2);

        assertThat(handled.next()).isEqualTo("message small");
        assertThat(handled.next()).isEqualTo("cancel RESOURCE_EXHAUSTED");
        assertThat(call.next()).startsWith("RESOURCE_EXHAUSTED: a message of 1001 bytes");
    }

    @Test
    void aResponseOfTheLimitIsTaken() {
        CompletableFuture<String> answer = stage.unary("hi");
        HandledCall handled = stage.handled();
        handled.send(ALLOWED);
        handled.close(Status.OK);

        assertThat(Stage.answerTo(answer)).isEqualTo(ALLOWED);
    }

    @Test
    void aResponseOfOneByteMoreEndsTheCallAtTheClient() {
        CompletableFuture<String> answer = stage.unary("hi");
        HandledCall handled = stage.handled();
        handled.send(TOO_LARGE);
        handled.close(Status.OK);

        expectTooLarge(Stage.failureOf(answer));
        stage.expectNextCallAnswered();
    }

    @Test
    void aStreamWithAResponseThatIsTooLargeTellsTheServerToStop() {
        HeardCall call = stage.ask(Texts.WATCH, "hi");
        HandledCall handled = stage.handled();
        assertThat(handled.next()).isEqualTo("message hi");
        assertThat(handled.next()).isEqualTo("half-close");

        handled.send("small");
        handled.send(TOO_LARGE);

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("message small");
        assertThat(call.next()).startsWith("RESOURCE_EXHAUSTED: a message of 1001 bytes");
        assertThat(handled.next()).isEqualTo("cancel CANCELLED");
    }

    @Test
    void metadataOfARequestWithinTheLimitIsTaken() {
        stage.ask(Texts.UNARY, CallOptions.DEFAULT.withMetadata(MUCH), "hi");

        assertThat(stage.handled().context().requestMetadata().get(TEXT)).hasSize(800);
    }

    @Test
    void metadataOfARequestAboveTheLimitIsRefused() {
        CompletableFuture<String> answer = stage.unary(CallOptions.DEFAULT.withMetadata(TOO_MUCH), "hi");

        assertThat(Stage.failureOf(answer))
                .hasMessageStartingWith("RESOURCE_EXHAUSTED: the request's metadata is larger than the ")
                .hasMessageContaining("1500 bytes");
        assertThat(stage.unseenCalls()).isZero();
        stage.expectNextCallAnswered();
    }

    @Test
    void headersAndTrailersWithinTheLimitAreTaken() {
        HeardCall call = stage.ask(Texts.WATCH, "hi");
        HandledCall handled = stage.handled();
        handled.context().addResponseHeaders(MUCH);
        handled.sendHeaders();
        handled.close(Status.OK, MUCH);

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("OK");
        assertThat(call.headers().get(TEXT)).hasSize(800);
        assertThat(call.trailers().get(TEXT)).hasSize(800);
    }

    @Test
    void headersAboveTheLimitEndTheCallAtTheClient() {
        HeardCall call = stage.ask(Texts.WATCH, "hi");
        HandledCall handled = stage.handled();
        assertThat(handled.next()).isEqualTo("message hi");
        assertThat(handled.next()).isEqualTo("half-close");
        handled.context().addResponseHeaders(TOO_MUCH);
        handled.sendHeaders();

        assertThat(call.next())
                .startsWith("RESOURCE_EXHAUSTED: the response's ")
                .contains("larger than the ", "1000 bytes");
        assertThat(handled.next()).startsWith("cancel ");
        stage.expectNextCallAnswered();
    }

    @Test
    void trailersAboveTheLimitEndTheCallAtTheClient() {
        HeardCall call = stage.ask(Texts.UNARY, "hi");
        HandledCall handled = stage.handled();
        handled.send("yes");
        handled.close(Status.OK, TOO_MUCH);

        assertThat(Stage.endOf(call))
                .startsWith("RESOURCE_EXHAUSTED: the response's ")
                .contains("larger than the ", "1000 bytes");
        stage.expectNextCallAnswered();
    }
}
