// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.NonBlocking;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.stub.ClientStreamingCall;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import dev.peregrine.grpc.stub.ServiceBinding;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The four kinds of call, whichever face either end has. */
@TransportContract
class CallKindsContractTest {

    /** More than a window, a frame and a buffer hold. */
    private static final String LARGE = "0123456789abcdef".repeat(3 << 16);

    private final CallOptions options = CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(30));

    @RegisterExtension
    final Stage stage;

    CallKindsContractTest(TransportUnderTest transport) {
        stage = new Stage(transport);
    }

    private static ServiceDefinition blocking(Object implementation) {
        return ServiceBinding.of(Stage.TEXTS, implementation)
                .<String, String>unary(Texts.UNARY, "unary", text -> "re: " + text)
                .<String, String>serverStreaming(Texts.WATCH, "watch", (text, out) -> {
                    for (int i = 0; i < 3; i++) {
                        out.write(text + i);
                    }
                })
                .<String, String>clientStreaming(Texts.UPLOAD, "upload", in -> {
                    StringBuilder all = new StringBuilder();
                    in.forEach(all::append);
                    return all.toString();
                })
                .<String, String>bidiStreaming(
                        Texts.CHAT, "chat", (in, out) -> in.forEach(text -> out.write("re: " + text)))
                .build();
    }

    private static ServiceDefinition async() {
        return ServiceBinding.of(Stage.TEXTS, new Object())
                .<String, String>asyncUnary(Texts.UNARY, text -> CompletableFuture.completedFuture("re: " + text))
                .<String, String>asyncServerStreaming(Texts.WATCH, text -> Flows.of(text + 0, text + 1, text + 2))
                .<String, String>asyncClientStreaming(
                        Texts.UPLOAD, in -> Flows.all(in).thenApply(all -> String.join("", all)))
                .<String, String>asyncBidiStreaming(Texts.CHAT, in -> in) // Asks for the next inside onNext.
                .build();
    }

    @Test
    void aBlockingServiceAnswersABlockingClient() {
        stage.serve(blocking(new Object()));

        expectBlockingClientAnswered("re: ");
    }

    @Test
    void anAsyncServiceAnswersABlockingClient() {
        stage.serve(async());

        expectBlockingClientAnswered("");
    }

    @Test
    void aBlockingServiceAnswersAnAsyncClient() {
        stage.serve(blocking(new Object()));

        expectAsyncClientAnswered("re: ");
    }

    @Test
    void anAsyncServiceAnswersAnAsyncClient() {
        stage.serve(async());

        expectAsyncClientAnswered("");
    }

    @Test
    void aHandlerThatDoesNotBlockAnswersOnTheTransportsThread() {
        @NonBlocking
        class Prompt {}
        stage.serve(blocking(new Prompt()));

        assertThat(ClientCalls.unary(stage.channel(), Texts.UNARY, options, "hi"))
                .isEqualTo("re: hi");
    }

    private void expectBlockingClientAnswered(String prefixOfChat) {
        assertThat(ClientCalls.unary(stage.channel(), Texts.UNARY, options, "hi"))
                .isEqualTo("re: hi");
        try (ServerStreamingCall<String> watch =
                ClientCalls.serverStreaming(stage.channel(), Texts.WATCH, options, "n")) {
            assertThat(watch).containsExactly("n0", "n1", "n2");
        }
        try (ClientStreamingCall<String, String> upload =
                ClientCalls.clientStreaming(stage.channel(), Texts.UPLOAD, options)) {
            upload.write("a");
            upload.write("b");
            assertThat(upload.finish()).isEqualTo("ab");
        }
        try (BidiStreamingCall<String, String> chat = ClientCalls.bidiStreaming(stage.channel(), Texts.CHAT, options)) {
            for (String text : List.of("x", "y", "z")) {
                chat.write(text);
                assertThat(chat.read()).isEqualTo(prefixOfChat + text);
            }
            chat.halfClose();
            assertThat(chat.read()).isNull();
        }
    }

    private void expectAsyncClientAnswered(String prefixOfChat) {
        assertThat(Stage.answerTo(stage.unary(options, "hi"))).isEqualTo("re: hi");
        assertThat(Stage.answerTo(
                        Flows.all(AsyncClientCalls.serverStreaming(stage.channel(), Texts.WATCH, options, "n"))))
                .containsExactly("n0", "n1", "n2");
        assertThat(Stage.answerTo(AsyncClientCalls.clientStreaming(
                                stage.channel(), Texts.UPLOAD, options, Flows.of("a", "b", "c"))
                        .toCompletableFuture()))
                .isEqualTo("abc");
        Flow.Publisher<String> chat =
                AsyncClientCalls.bidiStreaming(stage.channel(), Texts.CHAT, options, Flows.of("x", "y"));
        assertThat(Stage.answerTo(Flows.all(chat))).containsExactly(prefixOfChat + "x", prefixOfChat + "y");
    }

    @Test
    void anEmptyMessageIsAMessage() {
        HeardCall call = stage.ask(Texts.UNARY, "");
        HandledCall handled = stage.handled();
        assertThat(handled.next()).isEqualTo("message ");

        handled.send("");
        handled.close(Status.OK);

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("message ");
        assertThat(call.next()).isEqualTo("OK");
    }

    @Test
    void aStreamMayHaveNoMessages() {
        HeardCall call = stage.start(Texts.CHAT);
        call.request(1);
        call.halfClose();
        HandledCall handled = stage.handled();
        assertThat(handled.next()).isEqualTo("half-close");

        handled.close(Status.OK);

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("OK");
    }

    @Test
    void aLargeMessageArrivesWholeBothWays() {
        stage.serve(blocking(new Object()));

        assertThat(ClientCalls.unary(stage.channel(), Texts.UNARY, options, LARGE))
                .isEqualTo("re: " + LARGE);
    }

    @Test
    void aMessageLargerThanEveryWindowArrivesWhole() {
        stage.serverLimits(limits -> limits.withWindows(1024, 65_535));
        stage.clientLimits(limits -> limits.withWindows(1024, 65_535));
        stage.serve(async());
        String large = LARGE.substring(0, 300_000);

        Flow.Publisher<String> echo =
                AsyncClientCalls.bidiStreaming(stage.channel(), Texts.CHAT, options, Flows.of(large, "small", large));

        assertThat(Stage.answerTo(Flows.all(echo))).containsExactly(large, "small", large);
    }

    @Test
    void aThousandMessagesKeepTheirOrderBothWays() {
        stage.serve(async());
        String[] burst = IntStream.range(0, 1000).mapToObj(Integer::toString).toArray(String[]::new);

        Flow.Publisher<String> echo =
                AsyncClientCalls.bidiStreaming(stage.channel(), Texts.CHAT, options, Flows.of(burst));

        assertThat(Stage.answerTo(Flows.all(echo))).containsExactly(burst);
    }
}
