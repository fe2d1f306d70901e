// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.transport.ServerStreamListener;
import dev.peregrine.grpc.wire.RequestHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a call does with its places, told by its transport, which is the test. */
class LimitedCallTest {

    private static final Status GONE = Status.of(StatusCode.CANCELLED, "gone");

    private final ConcurrencyLimit limit = ConcurrencyLimit.of(1, 1, Duration.ZERO);
    private final Deque<Runnable> handedOver = new ArrayDeque<>();
    private final List<String> heard = new ArrayList<>();
    private final QuietStream stream = new QuietStream();

    /** A handler that leaves its call open. */
    private class Heard implements ServerCall.Listener<String> {

        @Override
        public void onStart() {
            heard.add("start");
        }

        @Override
        public void onMessage(String text) {
            heard.add("message " + text);
        }

        @Override
        public void onCancel(Status reason) {
            heard.add(reason.toString());
        }
    }

    private ServerStreamListener accept(
            MethodDescriptor<String, String> method, ExecutionMode mode, ServerHandler<String, String> handler) {
        ServiceDefinition service = ServiceDefinition.builder(ServiceDescriptor.of(Texts.SERVICE, method))
                .method(method, handler, mode)
                .build();
        MethodOptions options =
                MethodOptions.DEFAULT.withConcurrencyLimits(List.of(limit)).withExecutor(handedOver::add);
        Dispatcher dispatcher = new Dispatcher(
                new MethodRegistry(
                        List.of(new ServedService(service, unused -> options)),
                        (unused, own) -> own,
                        List.of(),
                        Runnable::run,
                        new CompressionPolicy(MessageEncodings.NONE, null, 4 << 20, 200)),
                MessageEncodings.NONE);
        RequestHeaders head = new RequestHeaders();
        head.add(AsciiString.of(":path"), AsciiString.of(method.path()));
        return dispatcher.accept(head, stream);
    }

    private void runAll() {
        while (!handedOver.isEmpty()) {
            handedOver.remove().run();
        }
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    @Test
    void aCallThatGoesBeforeItsRequestIsCompleteNeedsNeitherPlaceNorThread() {
        ServerStreamListener call = accept(Texts.UNARY, ExecutionMode.BLOCKING, unused -> new Heard());

        call.onMessage(bytes("half of it"), false);
        call.onClosed(GONE);

        assertThat(handedOver).isEmpty();
        assertThat(limit.running()).isZero();
        assertThat(limit.waiting()).isZero();
    }

    @Test
    void aCallThatEndsWhileItWaitsIsNobodysBusiness() {
        limit.enter();
        ServerStreamListener call = accept(Texts.UNARY, ExecutionMode.BLOCKING, unused -> new Heard());
        call.onMessage(bytes("hi"), false);
        call.onHalfClosed();
        assertThat(limit.waiting()).isEqualTo(1);

        call.onClosed(GONE);

        assertThat(limit.waiting()).isZero();
        assertThat(call.isStillBusy(() -> {})).isFalse();
        assertThat(heard).isEmpty();
    }

    @Test
    void aHandlerThatHasReturnedButNotClosedKeepsItsPlaceAndHearsWhatComes() {
        ServerStreamListener call = accept(Texts.UPLOAD, ExecutionMode.BLOCKING, unused -> new Heard());
        runAll();
        assertThat(limit.enter()).as("it has the only place").isFalse();

        call.onMessage(bytes("hi"), false);
        runAll();
        call.onClosed(GONE);
        assertThat(limit.running()).as("its handler has yet to hear of the end").isEqualTo(1);
        runAll();

        assertThat(heard).containsExactly("start", "message hi", "CANCELLED: gone");
        assertThat(stream.said).isEmpty();
        assertThat(limit.running()).isZero();
    }

    @Test
    void aPlaceIsGivenBackWhenTheHandlerIsDoneThoughTheAnswerIsStillUnderWay() {
        List<ServerCall<String, String>> calls = new ArrayList<>();
        accept(Texts.UPLOAD, ExecutionMode.BLOCKING, call -> {
            calls.add(call);
            return new Heard();
        });
        runAll();

        calls.get(0).close(Status.of(StatusCode.NOT_FOUND), Metadata.EMPTY);

        assertThat(limit.running()).isZero();
    }

    @Test
    void onTheEventLoopACallThatIsRefusedHearsNothingAndItsHandlerNeitherDoes() {
        limit.enter();
        ServerStreamListener call = accept(Texts.CHAT, ExecutionMode.EVENT_LOOP, unused -> new Heard());
        call.onMessage(bytes("hi"), false);
        call.onClosed(null);

        assertThat(stream.said)
                .singleElement()
                .asString()
                .startsWith("RESOURCE_EXHAUSTED: the server is at work on 1 calls");
        assertThat(heard).isEmpty();
        assertThat(limit.running()).isEqualTo(1);
    }

    @Test
    void aHandlerThatThrowsWhenItHearsOfTheEndLosesNoPlace() {
        ServerStreamListener[] call = new ServerStreamListener[1];
        call[0] = accept(Texts.CHAT, ExecutionMode.EVENT_LOOP, unused -> new Heard() {
            @Override
            public void onReady() {
                // As a stream does that cannot encode what the handler has just sent.
                assertThatThrownBy(() -> call[0].onClosed(GONE)).hasMessage("in the midst of it");
            }

            @Override
            public void onCancel(Status reason) {
                throw new IllegalStateException("in the midst of it");
            }
        });
        assertThat(limit.running()).isEqualTo(1);

        call[0].onReady();

        assertThat(limit.running()).isZero();
    }
}
