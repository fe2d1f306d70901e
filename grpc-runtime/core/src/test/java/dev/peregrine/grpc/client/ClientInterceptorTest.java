// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.stub.ClientStub;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What stands between an application and its channel: interceptors, and the options of a stub. */
@Timeout(30)
class ClientInterceptorTest {

    @RegisterExtension
    final ClientScript script = new ClientScript();

    private final List<String> order = new CopyOnWriteArrayList<>();

    /** Writes down when it sees the call, and when it sees its end. */
    private ClientInterceptor named(String name) {
        return new ClientInterceptor() {
            @Override
            public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
                order.add(name);
                return new ForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(ClientCall.Listener<R> listener, Metadata headers) {
                        super.start(
                                new ForwardingListener<>(listener) {
                                    @Override
                                    public void onClose(Status status, Metadata trailers) {
                                        order.add(name + " end");
                                        super.onClose(status, trailers);
                                    }
                                },
                                headers);
                    }
                };
            }
        };
    }

    @Test
    void interceptorsOfTheChannelStandOutsideThoseOfTheCallEachInTheirOrder() {
        script.channel(builder -> builder.interceptor(named("a")).interceptor(named("b")));
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary(
                CallOptions.DEFAULT.withInterceptors(named("c")).withInterceptors(named("d"), named("e")), "hi");
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));
        answerTo(call);

        assertThat(order).containsExactly("a", "b", "c", "d", "e", "e end", "d end", "c end", "b end", "a end");
    }

    @Test
    void anInterceptorMayChangeTheOptions() {
        ClientInterceptor tagging = new ClientInterceptor() {
            @Override
            public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
                return next.newCall(method, options.withMetadata(Metadata.of(MetadataKey.ascii("tag"), "1")));
            }
        };
        script.channel(builder -> builder.interceptor(tagging));
        ScriptedPeer peer = script.connected();
        script.unary("hi");

        assertThat(peer.expectHeaders(1).headers()).endsWith(new Header("tag", "1"));
    }

    @Test
    void anInterceptorMayAnswerTheCallItself() {
        ClientInterceptor refusing = new ClientInterceptor() {
            @Override
            public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
                return new ForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(ClientCall.Listener<R> listener, Metadata headers) {
                        listener.onClose(Status.of(StatusCode.UNAUTHENTICATED, "no token"), Metadata.EMPTY);
                    }

                    @Override
                    public void send(Q request) {}

                    @Override
                    public void halfClose() {}
                };
            }
        };
        script.channel(builder -> builder.interceptor(refusing));
        ScriptedPeer peer = script.connected();

        assertThat(failureOf(script.unary("hi")).status().toString()).isEqualTo("UNAUTHENTICATED: no token");
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void anInterceptorThatKeepsTheResponseMakesTheCallFail() {
        ClientInterceptor greedy = new ClientInterceptor() {
            @Override
            public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
                return new ForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(ClientCall.Listener<R> listener, Metadata headers) {
                        super.start(
                                new ForwardingListener<>(listener) {
                                    @Override
                                    public void onMessage(R response) {}
                                },
                                headers);
                    }
                };
            }
        };
        script.channel(builder -> builder.interceptor(greedy));
        ScriptedPeer peer = script.connected();
        CompletableFuture<String> call = script.unary("hi");
        GrpcRequest.collect(peer);
        peer.send(answer(1, "ho"));

        assertThat(failureOf(call).status().toString())
                .isEqualTo("INTERNAL: the call ended with OK but an interceptor kept the response");
    }

    // ---- stubs ----

    /** A stub as generated code writes it. */
    private record Stub(Channel channel, CallOptions callOptions) implements ClientStub<Stub> {
        @Override
        public Stub withCallOptions(CallOptions options) {
            return new Stub(channel, options);
        }

        CompletionStage<String> unary(String request) {
            return AsyncClientCalls.unary(channel, Texts.UNARY, callOptions, request);
        }
    }

    private Stub stub() {
        return new Stub(script.channel(), CallOptions.DEFAULT);
    }

    @Test
    void metadataOfAStubTravelsWithEachOfItsCallsAndWithNoOther() {
        ScriptedPeer peer = script.connected();
        MetadataKey<String> key = MetadataKey.ascii("k");
        Stub plain = stub();
        Stub one = plain.withMetadata(Metadata.of(key, "1"));
        Stub both = one.withMetadata(Metadata.of(key, "2"));
        plain.unary("a");
        one.unary("b");
        both.unary("c");
        both.unary("d");

        assertThat(valuesOfK(peer.expectHeaders(1))).isEmpty();
        assertThat(valuesOfK(peer.expectHeaders(3))).containsExactly("1");
        assertThat(valuesOfK(peer.expectHeaders(5))).containsExactly("1", "2");
        assertThat(valuesOfK(peer.expectHeaders(7))).containsExactly("1", "2");
    }

    private static List<String> valuesOfK(Frame.Headers headers) {
        return headers.headers().stream()
                .filter(header -> header.name().equals("k"))
                .map(Header::value)
                .toList();
    }

    @Test
    void aTimeoutOfAStubIsCountedFromTheStartOfEachCall() {
        ScriptedPeer peer = script.connected();
        Stub stub = stub().withDeadlineAfter(Duration.ofSeconds(1));
        assertThat(failureOf(stub.unary("a")).code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        GrpcRequest.collect(peer);
        peer.expectRstStream(1, ErrorCode.CANCEL);

        stub.unary("b");
        assertThat(peer.expectHeaders(3).first("grpc-timeout")).isPresent();
    }

    @Test
    void aDeadlineOfAStubIsOneMomentForAllItsCalls() {
        ScriptedPeer peer = script.connected();
        Stub stub = stub().withDeadline(Deadline.after(Duration.ofMillis(50)));
        assertThat(failureOf(stub.unary("a")).code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);

        assertThat(failureOf(stub.unary("b")).status().toString())
                .isEqualTo("DEADLINE_EXCEEDED: the deadline had passed before the call was sent");
        assertThat(peer.pingBarrier()).as("frames of the first call").allMatch(frame -> frame.streamId() == 1);
    }

    @Test
    void aStubThatWaitsForReadySaysSoInItsOptions() {
        assertThat(stub().withWaitForReady().callOptions().waitForReady()).isTrue();
        assertThat(stub().callOptions().waitForReady()).isFalse();
    }
}
