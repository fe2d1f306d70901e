// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Marshaller;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.MethodKind;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.HeardCall;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How calls end. */
@TransportContract
class StatusContractTest {

    private static final MetadataKey<String> HINT = MetadataKey.ascii("x-hint");

    @RegisterExtension
    final Stage stage;

    StatusContractTest(TransportUnderTest transport) {
        stage = new Stage(transport);
    }

    @ParameterizedTest
    @EnumSource(value = StatusCode.class, names = "OK", mode = EnumSource.Mode.EXCLUDE)
    void everyCodeArrives(StatusCode code) {
        StatusException failure = failureOf(Status.of(code, "because"));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.status().description()).isEqualTo("because");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "plain",
                "50% off",
                "%41",
                "ends in %",
                "ünïcödé ☺ 𝄞",
                "tab\tnewline\nreturn\r",
                "\u0000\u007f",
                " spaces around "
            })
    void everyTextArrives(String text) {
        assertThat(failureOf(Status.of(StatusCode.ABORTED, text)).status().description())
                .isEqualTo(text);
    }

    @Test
    void noTextArrivesAsNone() {
        assertThat(failureOf(Status.of(StatusCode.ABORTED)).status().description())
                .isNull();
    }

    @Test
    void aTextArrivesBehindMessagesToo() {
        HeardCall call = stage.ask(Texts.WATCH, "hi");
        HandledCall handled = stage.handled();
        handled.send("a");
        handled.close(Status.of(StatusCode.DATA_LOSS, "☹ 100%"), Metadata.of(HINT, "look"));

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("message a");
        assertThat(call.next()).isEqualTo("DATA_LOSS: ☹ 100%");
        assertThat(call.trailers().get(HINT)).isEqualTo("look");
    }

    private StatusException failureOf(Status status) {
        CompletableFuture<String> answer = stage.unary("hi");
        stage.handled().close(status);
        return Stage.failureOf(answer);
    }

    @Test
    void whatAHandlerThrowsBecomesTheStatus() {
        stage.serveUnary(text -> {
            throw new StatusException(Status.of(StatusCode.NOT_FOUND, "no " + text), Metadata.of(HINT, "elsewhere"));
        });

        StatusException failure = Stage.failureOf(stage.unary("cat"));

        assertThat(failure).hasMessage("NOT_FOUND: no cat");
        assertThat(failure.trailers().get(HINT)).isEqualTo("elsewhere");
    }

    @Test
    void whatElseAHandlerThrowsDoesNotLeak() {
        stage.serveUnary(text -> {
            throw new IllegalStateException("the password is swordfish");
        });

        assertThat(Stage.failureOf(stage.unary("cat")).getMessage())
                .matches("UNKNOWN: the service failed to answer \\(failure \\p{XDigit}+\\)");
    }

    @Test
    void aMethodTheServerDoesNotHaveIsUnimplemented() {
        stage.serveByHand(Texts.WATCH);

        assertThat(Stage.failureOf(stage.unary("hi")).code()).isEqualTo(StatusCode.UNIMPLEMENTED);
    }

    @Test
    void aRequestThatCannotBeDecodedIsInternal() {
        assertThat(Stage.failureOf(stage.unary(Texts.BROKEN)).code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(stage.unseenCalls()).isZero();
    }

    @Test
    void aResponseThatCannotBeDecodedIsInternal() {
        CompletableFuture<String> answer = stage.unary("hi");
        HandledCall handled = stage.handled();
        handled.send(Texts.BROKEN);
        handled.close(Status.OK);

        assertThat(Stage.failureOf(answer).code()).isEqualTo(StatusCode.INTERNAL);
    }

    @Test
    void aRequestThatCannotBeEncodedIsInternalAndTheServerIsToldToStop() {
        HeardCall call = stage.start(Unwritable.METHOD);
        HandledCall handled = stage.handled();

        call.send(Unwritable.TEXT);

        assertThat(call.next()).startsWith("INTERNAL: the request could not be encoded");
        assertThat(handled.next()).isEqualTo("cancel CANCELLED");
    }

    @Test
    void aResponseThatCannotBeEncodedIsInternal() {
        stage.serveByHand(Unwritable.METHOD);
        HeardCall call = stage.start(Texts.CHAT);
        call.request(1);
        HandledCall handled = stage.handled();

        handled.send(Unwritable.TEXT);

        assertThat(Stage.endOf(call)).isEqualTo("INTERNAL: the response could not be encoded");
        assertThat(handled.next()).isEqualTo("cancel INTERNAL");
    }

    // ---- one request, one response ----

    @Test
    void noRequestWhereOneIsDueIsUnimplemented() {
        HeardCall call = stage.start(as(Texts.UNARY, Texts.UPLOAD));
        call.halfClose();

        assertThat(call.next()).startsWith("UNIMPLEMENTED: ");
        assertThat(stage.unseenCalls()).isZero();
    }

    @Test
    void twoRequestsWhereOneIsDueAreUnimplemented() {
        HeardCall call = stage.start(as(Texts.UNARY, Texts.UPLOAD));
        call.send("one");
        call.send("two");
        call.halfClose();

        assertThat(call.next()).startsWith("UNIMPLEMENTED: ");
        assertThat(stage.unseenCalls()).isZero();
    }

    @Test
    void noResponseWhereOneIsDueIsUnimplemented() {
        HeardCall call = stage.ask(as(Texts.WATCH, Texts.UNARY), "hi");

        stage.handled().close(Status.OK);

        assertThat(Stage.endOf(call)).startsWith("UNIMPLEMENTED: ");
    }

    @Test
    void twoResponsesWhereOneIsDueAreUnimplementedAndTheServerIsToldToStop() {
        HeardCall call = stage.ask(as(Texts.WATCH, Texts.UNARY), "hi");
        HandledCall handled = stage.handled();
        assertThat(handled.next()).isEqualTo("message hi");
        assertThat(handled.next()).isEqualTo("half-close");

        handled.send("one");
        handled.send("two");

        assertThat(Stage.endOf(call)).startsWith("UNIMPLEMENTED: ");
        assertThat(handled.next()).isEqualTo("cancel CANCELLED");
    }

    /** The method of one name as the other end takes it to be. */
    private static MethodDescriptor<String, String> as(
            MethodDescriptor<String, String> name, MethodDescriptor<String, String> believed) {
        return MethodDescriptor.of(
                Texts.SERVICE,
                name.fullName().substring(Texts.SERVICE.length() + 1),
                believed.kind(),
                believed.requestMarshaller(),
                believed.responseMarshaller());
    }

    /** Texts of which one cannot be written. */
    private record Unwritable(Texts texts) implements Marshaller<String> {

        static final String TEXT = "unwritable";
        static final MethodDescriptor<String, String> METHOD = MethodDescriptor.of(
                Texts.SERVICE,
                "Chat",
                MethodKind.BIDI_STREAMING,
                new Unwritable(new Texts()),
                new Unwritable(new Texts()));

        @Override
        public int size(String message) {
            return texts.size(message);
        }

        @Override
        public void write(String message, ByteBuffer out) {
            if (message.equals(TEXT)) {
                throw new IllegalArgumentException("not to be written");
            }
            texts.write(message, out);
        }

        @Override
        public String read(ByteBuffer in) {
            return texts.read(in);
        }
    }
}
