// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.client.ForwardingClientCall;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.ForwardingListener;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.stub.ClientStreamingCall;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import dev.peregrine.grpc.stub.ServiceBinding;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Details over a socket, from handlers of every kind. */
@Timeout(30)
class StatusDetailsExchangeTest {

    private static final ServiceDescriptor DESCRIPTOR =
            ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY, Texts.UPLOAD, Texts.WATCH, Texts.CHAT);

    private static final CallOptions OPTIONS = CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(20));

    private Server server;
    private ManagedChannel channel;

    private enum Face {
        BLOCKING,
        ASYNC
    }

    /** What a call of each kind ends with, when the first thing it says is this text. */
    private enum Kind {
        UNARY(channel -> text -> ClientCalls.unary(channel, Texts.UNARY, OPTIONS, text)),
        WATCH(channel -> text -> {
            try (ServerStreamingCall<String> call = ClientCalls.serverStreaming(channel, Texts.WATCH, OPTIONS, text)) {
                assertThat(call.read()).isEqualTo("before");
                return call.read();
            }
        }),
        UPLOAD(channel -> text -> {
            try (ClientStreamingCall<String, String> call =
                    ClientCalls.clientStreaming(channel, Texts.UPLOAD, OPTIONS)) {
                call.write(text);
                return call.finish();
            }
        }),
        CHAT(channel -> text -> {
            try (BidiStreamingCall<String, String> call = ClientCalls.bidiStreaming(channel, Texts.CHAT, OPTIONS)) {
                call.write(text);
                assertThat(call.read()).isEqualTo("before");
                return call.read();
            }
        });

        private final Function<Channel, Function<String, String>> call;

        Kind(Function<Channel, Function<String, String>> call) {
            this.call = call;
        }

        StatusException failure(Channel channel, String text) {
            return catchThrowableOfType(
                    StatusException.class, () -> call.apply(channel).apply(text));
        }
    }

    private static StatusException incomplete(String field) {
        BadRequest badRequest = BadRequest.newBuilder()
                .addFieldViolations(FieldViolation.newBuilder().setField(field).setDescription("must not be empty"))
                .build();
        return StatusDetails.exception(StatusCode.INVALID_ARGUMENT, "the order is not complete", badRequest);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aBlockingHandlerThrowsThem(Kind kind) throws Exception {
        serve(Face.BLOCKING);

        assertIncomplete("customer", kind.failure(channel, "customer"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anAsyncHandlerFailsWithThem(Kind kind) throws Exception {
        serve(Face.ASYNC);

        assertIncomplete("customer", kind.failure(channel, "customer"));
    }

    @Test
    void interceptorsOfBothSidesSeeAndReplaceThem() throws Exception {
        CompletableFuture<StatusDetails> seenByServer = new CompletableFuture<>();
        CompletableFuture<StatusDetails> seenByClient = new CompletableFuture<>();
        serve(Face.BLOCKING, new ServerInterceptor() {
            @Override
            public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
                return call -> new ForwardingListener<>(next.handle(call)) {
                    @Override
                    public void onHalfClose() {
                        try {
                            super.onHalfClose();
                        } catch (StatusException thrown) {
                            seenByServer.complete(StatusDetails.of(thrown));
                            throw incomplete("seen");
                        }
                    }
                };
            }
        });
        ClientInterceptor watching = new ClientInterceptor() {
            @Override
            public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
                return new ForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(Listener<R> listener, Metadata headers) {
                        super.start(
                                new dev.peregrine.grpc.client.ForwardingListener<>(listener) {
                                    @Override
                                    public void onClose(Status status, Metadata trailers) {
                                        seenByClient.complete(StatusDetails.of(status, trailers));
                                        super.onClose(status, trailers);
                                    }
                                },
                                headers);
                    }
                };
            }
        };

        StatusException failure = catchThrowableOfType(
                StatusException.class,
                () -> ClientCalls.unary(channel, Texts.UNARY, OPTIONS.withInterceptors(watching), "customer"));

        assertIncomplete("seen", failure);
        assertThat(fieldsOf(seenByServer.getNow(null))).containsExactly("customer");
        assertThat(fieldsOf(seenByClient.getNow(null))).containsExactly("seen");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void detailsTheCallerHasNoRoomForLeaveTheStatusAlone(Kind kind) throws Exception {
        serve(Face.BLOCKING);

        StatusException failure = kind.failure(channel, "x".repeat(9000));

        assertThat(failure.code()).isEqualTo(StatusCode.INVALID_ARGUMENT);
        assertThat(failure.status().description())
                .startsWith(
                        "the order is not complete (grpc-status-details-bin is left out: with it the trailers have ")
                .endsWith(" bytes, and the caller takes 8192)");
        assertThat(StatusDetails.of(failure).status().getDetailsList()).isEmpty();
    }

    /** What the documents show of the client's side. */
    @Test
    void aClientReadsWhichFieldsAreWrong() throws Exception {
        serve(Face.BLOCKING);
        try {
            ClientCalls.unary(channel, Texts.UNARY, OPTIONS, "customer");
        } catch (StatusException failure) {
            List<String> wrong = StatusDetails.of(failure)
                    .first(BadRequest.class)
                    .map(request -> request.getFieldViolationsList().stream()
                            .map(FieldViolation::getField)
                            .toList())
                    .orElse(List.of());
            assertThat(wrong).containsExactly("customer");
            return;
        }
        throw new AssertionError("the call was answered");
    }

    private static void assertIncomplete(String field, StatusException failure) {
        assertThat(failure.code()).isEqualTo(StatusCode.INVALID_ARGUMENT);
        assertThat(failure.status().description()).isEqualTo("the order is not complete");
        assertThat(fieldsOf(StatusDetails.of(failure))).containsExactly(field);
    }

    private static List<String> fieldsOf(StatusDetails details) {
        assertThat(details.flaw()).isNull();
        return details.all(BadRequest.class).stream()
                .flatMap(request -> request.getFieldViolationsList().stream())
                .map(FieldViolation::getField)
                .toList();
    }

    private void serve(Face face, ServerInterceptor... interceptors) throws Exception {
        Server.Builder builder = Server.builder()
                .address(new InetSocketAddress("127.0.0.1", 0))
                .service(face == Face.BLOCKING ? blocking() : async());
        for (ServerInterceptor interceptor : interceptors) {
            builder.interceptor(interceptor);
        }
        server = builder.start();
        channel = ManagedChannel.builder("127.0.0.1:" + server.port()).build();
    }

    @AfterEach
    void close() {
        channel.close();
        server.close();
    }

    private static ServiceDefinition blocking() {
        return ServiceBinding.of(DESCRIPTOR, new Object())
                .<String, String>unary(Texts.UNARY, "unary", text -> {
                    throw incomplete(text);
                })
                .<String, String>serverStreaming(Texts.WATCH, "watch", (text, out) -> {
                    out.write("before");
                    throw incomplete(text);
                })
                .<String, String>clientStreaming(Texts.UPLOAD, "upload", in -> {
                    throw incomplete(in.iterator().next());
                })
                .<String, String>bidiStreaming(Texts.CHAT, "chat", (in, out) -> {
                    out.write("before");
                    throw incomplete(in.iterator().next());
                })
                .build();
    }

    private static ServiceDefinition async() {
        return ServiceBinding.of(DESCRIPTOR, new Object())
                .<String, String>asyncUnary(Texts.UNARY, text -> CompletableFuture.failedFuture(incomplete(text)))
                .<String, String>asyncServerStreaming(
                        Texts.WATCH, text -> beforeFailure(CompletableFuture.completedFuture(text)))
                .<String, String>asyncClientStreaming(
                        Texts.UPLOAD,
                        in -> firstOf(in).thenApply(text -> {
                            throw incomplete(text);
                        }))
                .<String, String>asyncBidiStreaming(Texts.CHAT, in -> beforeFailure(firstOf(in)))
                .build();
    }

    /** Says "before" and fails with the field that is named sooner or later. */
    private static Flow.Publisher<String> beforeFailure(CompletableFuture<String> field) {
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            private boolean said;

            @Override
            public void request(long n) {
                if (!said) {
                    said = true;
                    subscriber.onNext("before");
                    field.thenAccept(name -> subscriber.onError(incomplete(name)));
                }
            }

            @Override
            public void cancel() {}
        });
    }

    private static CompletableFuture<String> firstOf(Flow.Publisher<String> texts) {
        CompletableFuture<String> first = new CompletableFuture<>();
        texts.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(1);
            }

            @Override
            public void onNext(String text) {
                first.complete(text);
            }

            @Override
            public void onError(Throwable failure) {
                first.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {}
        });
        return first;
    }
}
