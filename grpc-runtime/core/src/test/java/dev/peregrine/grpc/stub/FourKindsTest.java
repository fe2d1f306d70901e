// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.ForwardingListener;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The four kinds of call, in both faces, over a socket. */
@Timeout(30)
class FourKindsTest {

    private static final ServiceDescriptor DESCRIPTOR =
            ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY, Texts.UPLOAD, Texts.WATCH, Texts.CHAT);

    private Server server;
    private ManagedChannel channel;

    private void serve(ServiceDefinition service) throws Exception {
        server = Server.builder()
                .address(new InetSocketAddress("127.0.0.1", 0))
                .service(service)
                .start();
        channel = ManagedChannel.builder("127.0.0.1:" + server.port()).build();
    }

    @AfterEach
    void close() {
        channel.close();
        server.close();
    }

    static ServiceDefinition blocking() {
        return ServiceBinding.of(DESCRIPTOR, new Object())
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

    @Test
    void aBlockingServiceAnswersABlockingClient() throws Exception {
        serve(blocking());
        CallOptions options = CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(20));

        assertThat(ClientCalls.unary(channel, Texts.UNARY, options, "hi")).isEqualTo("re: hi");
        assertThat(ClientCalls.unary(channel, Texts.UNARY, options, "")).isEqualTo("re: ");

        try (ServerStreamingCall<String> watch = ClientCalls.serverStreaming(channel, Texts.WATCH, options, "n")) {
            assertThat(watch).containsExactly("n0", "n1", "n2");
            assertThat(watch.trailers().isEmpty()).isTrue();
        }
        try (ClientStreamingCall<String, String> upload = ClientCalls.clientStreaming(channel, Texts.UPLOAD, options)) {
            upload.write("a");
            upload.write("b");
            assertThat(upload.finish()).isEqualTo("ab");
        }
        try (BidiStreamingCall<String, String> chat = ClientCalls.bidiStreaming(channel, Texts.CHAT, options)) {
            for (String text : List.of("x", "y", "z")) {
                chat.write(text);
                assertThat(chat.read()).isEqualTo("re: " + text);
            }
            chat.halfClose();
            assertThat(chat.read()).isNull();
        }
    }

    @Test
    void anAsyncServiceAnswersAnAsyncClient() throws Exception {
        serve(ServiceBinding.of(DESCRIPTOR, new Object())
                .<String, String>asyncUnary(Texts.UNARY, text -> CompletableFuture.completedFuture("re: " + text))
                .<String, String>asyncServerStreaming(Texts.WATCH, text -> publish(text + 0, text + 1))
                .<String, String>asyncClientStreaming(
                        Texts.UPLOAD, in -> collect(in).thenApply(all -> String.join("", all)))
                .<String, String>asyncBidiStreaming(Texts.CHAT, in -> in)
                .build());
        CallOptions options = CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(20));

        assertThat(AsyncClientCalls.unary(channel, Texts.UNARY, options, "hi")
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .isEqualTo("re: hi");
        assertThat(collect(AsyncClientCalls.serverStreaming(channel, Texts.WATCH, options, "n"))
                        .get(10, TimeUnit.SECONDS))
                .containsExactly("n0", "n1");
        assertThat(AsyncClientCalls.clientStreaming(channel, Texts.UPLOAD, options, publish("a", "b", "c"))
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .isEqualTo("abc");
        assertThat(collect(AsyncClientCalls.bidiStreaming(channel, Texts.CHAT, options, publish("x", "y")))
                        .get(10, TimeUnit.SECONDS))
                .containsExactly("x", "y");
    }

    @Test
    void anAsyncServiceThatAsksForOneAtATimeGetsEveryRequestOfABurst() throws Exception {
        serve(ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.CHAT), new Object())
                .<String, String>asyncBidiStreaming(Texts.CHAT, in -> in) // Asks for the next inside onNext.
                .build());
        String[] burst = IntStream.range(0, 100).mapToObj(Integer::toString).toArray(String[]::new);

        assertThat(collect(AsyncClientCalls.bidiStreaming(channel, Texts.CHAT, CallOptions.DEFAULT, publish(burst)))
                        .get(10, TimeUnit.SECONDS))
                .containsExactly(burst);
    }

    @Test
    void aMessageLargerThanEveryWindowArrivesWhole() throws Exception {
        serve(blocking());
        String large = "0123456789abcdef".repeat(3 << 16); // 3 MiB: more than a stream's window, and than a frame.

        assertThat(ClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, large))
                .isEqualTo("re: " + large);
    }

    @Test
    void aHandlerThatReadsIsFreedWhenAnInterceptorClosesTheCall() throws Exception {
        CompletableFuture<Throwable> handlerEnd = new CompletableFuture<>();
        ServiceDefinition service = ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.UPLOAD), new Object())
                .<String, String>clientStreaming(Texts.UPLOAD, "upload", in -> {
                    try {
                        in.forEach(text -> {});
                        return "all";
                    } catch (RuntimeException freed) {
                        handlerEnd.complete(freed);
                        throw freed;
                    }
                })
                .build();
        serve(service.behind(List.of(new ServerInterceptor() {
            @Override
            public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
                return call -> new ForwardingListener<>(next.handle(call)) {
                    @Override
                    public void onMessage(Q request) {
                        call.close(Status.of(StatusCode.INVALID_ARGUMENT, "not this"), Metadata.EMPTY);
                    }
                };
            }
        })));

        try (ClientStreamingCall<String, String> upload =
                ClientCalls.clientStreaming(channel, Texts.UPLOAD, CallOptions.DEFAULT)) {
            upload.write("a");
            assertThat(handlerEnd.get(10, TimeUnit.SECONDS))
                    .hasMessageStartingWith("CANCELLED: the call has been closed");
            assertThatThrownBy(upload::finish).hasMessage("INVALID_ARGUMENT: not this");
        }
    }

    @Test
    void aHandlerOnTheEventLoopMayShutTheServerDown() throws Exception {
        serve(ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY), new Object())
                .<String, String>asyncUnary(Texts.UNARY, text -> {
                    server.shutdown(Duration.ofSeconds(10));
                    return CompletableFuture.completedFuture("bye");
                })
                .build());

        assertThat(ClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, "stop"))
                .isEqualTo("bye");
        channel.shutdown();
        server.shutdown(Duration.ofSeconds(10)).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void theStatusAServiceThrowsReachesTheClientWithItsTrailers() throws Exception {
        serve(ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY), new Object())
                .<String, String>unary(Texts.UNARY, "unary", text -> {
                    throw new StatusException(StatusCode.NOT_FOUND, "no " + text + " ☺");
                })
                .build());

        assertThatThrownBy(() -> ClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, "cat"))
                .isInstanceOfSatisfying(StatusException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(StatusCode.NOT_FOUND);
                    assertThat(failure.status().description()).isEqualTo("no cat ☺");
                });
    }

    static Flow.Publisher<String> publish(String... texts) {
        return subscriber -> {
            SubmissionPublisher<String> publisher = new SubmissionPublisher<>();
            publisher.subscribe(subscriber);
            for (String text : texts) {
                publisher.submit(text);
            }
            publisher.close();
        };
    }

    static CompletableFuture<List<String>> collect(Flow.Publisher<String> publisher) {
        List<String> all = new ArrayList<>();
        CompletableFuture<List<String>> result = new CompletableFuture<>();
        publisher.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(String text) {
                all.add(text);
            }

            @Override
            public void onError(Throwable failure) {
                result.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                result.complete(all);
            }
        });
        return result;
    }
}
