// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.stub.ServiceBinding;
import dev.peregrine.grpc.transport.TransportThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On which threads a call is heard, and what must not be done there. */
@TransportContract
class ThreadsContractTest {

    @RegisterExtension
    final Stage stage;

    ThreadsContractTest(TransportUnderTest transport) {
        stage = new Stage(transport);
    }

    @Test
    void aListenerHearsEverythingOnOneThreadOfTheTransport() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        ClientCall<String, String> call = stage.channel().newCall(Texts.CHAT, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onHeaders(Metadata headers) {
                        threads.add(Thread.currentThread());
                    }

                    @Override
                    public void onMessage(String response) {
                        threads.add(Thread.currentThread());
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        threads.add(Thread.currentThread());
                        ended.complete(null);
                    }
                },
                Metadata.EMPTY);
        call.request(Integer.MAX_VALUE);
        HandledCall handled = stage.handled();
        IntStream.range(0, 10).forEach(i -> handled.send("text " + i));
        handled.close(Status.OK);

        Stage.answerTo(ended);
        assertThat(threads).hasSize(12).containsOnly(threads.get(0)).hasOnlyElementsOfType(TransportThread.class);
    }

    @Test
    void aHandlerThatDoesNotBlockRunsOnAThreadOfTheTransport() {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        stage.serve(ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY), new Object())
                .<String, String>asyncUnary(Texts.UNARY, text -> {
                    thread.complete(Thread.currentThread());
                    return CompletableFuture.completedFuture(text);
                })
                .build());

        Stage.answerTo(stage.unary("hi"));

        assertThat(Stage.answerTo(thread)).isInstanceOf(TransportThread.class);
    }

    @Test
    void aHandlerThatBlocksDoesNotHoldUpTheOthers() {
        CompletableFuture<Void> second = new CompletableFuture<>();
        stage.serveUnary(text -> {
            if (text.equals("first")) {
                Stage.answerTo(second);
            } else {
                second.complete(null);
            }
            return text;
        });

        CompletableFuture<String> first = stage.unary("first");

        assertThat(Stage.answerTo(stage.unary("second"))).isEqualTo("second");
        assertThat(Stage.answerTo(first)).isEqualTo("first");
    }

    @Test
    void aBlockingCallWhereTheAnswerWouldHaveToArriveIsRefused() {
        stage.serveUnary(text -> text);
        CompletableFuture<String> refused = AsyncClientCalls.unary(
                        stage.channel(), Texts.UNARY, CallOptions.DEFAULT, "hi")
                .thenApply(answer -> ClientCalls.unary(stage.channel(), Texts.UNARY, CallOptions.DEFAULT, answer))
                .handle((answer, failure) -> String.valueOf(failure))
                .toCompletableFuture();

        assertThat(Stage.answerTo(refused)).contains("IllegalStateException: a blocking call of test.Texts/Unary");
    }

    @Test
    void aHandlerOnAThreadOfTheTransportMayShutItsServerDown() {
        CompletableFuture<Void> down = new CompletableFuture<>();
        stage.serve(ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY), new Object())
                .<String, String>asyncUnary(Texts.UNARY, text -> {
                    stage.server().shutdown(Duration.ofSeconds(20)).thenRun(() -> down.complete(null));
                    return CompletableFuture.completedFuture("bye");
                })
                .build());

        assertThat(Stage.answerTo(stage.unary("stop"))).isEqualTo("bye");
        Stage.answerTo(down);
    }
}
