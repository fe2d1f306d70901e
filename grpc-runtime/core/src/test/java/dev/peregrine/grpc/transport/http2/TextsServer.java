// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.NonBlocking;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.stub.RequestReader;
import dev.peregrine.grpc.stub.ResponseWriter;
import dev.peregrine.grpc.stub.ServiceBinding;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.Peers;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.Limits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The accused of the server-side scripts, as a JUnit extension: a real server on 127.0.0.1 with the service
 * {@link Texts}, started by the first {@link #dial}, and the peers that talk to it. Unless a test says otherwise, Unary
 * answers "re: " and the text, Watch "a", "b", "c", Upload all texts in one, and Chat each text with "re: " and the text.
 */
public final class TextsServer implements AfterTestExecutionCallback, AfterEachCallback {

    public static final String UNARY = Texts.UNARY.path();
    public static final String UPLOAD = Texts.UPLOAD.path();
    public static final String WATCH = Texts.WATCH.path();
    public static final String CHAT = Texts.CHAT.path();

    private static final ServiceDescriptor DESCRIPTOR =
            ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY, Texts.UPLOAD, Texts.WATCH, Texts.CHAT);

    private final Peers peers = new Peers();
    private final Server.Builder builder = Server.builder()
            .address(new InetSocketAddress("127.0.0.1", 0))
            .connections(policy -> policy.withPermittedPings(Duration.ZERO, true)); // For barriers of pings.
    private Limits limits = Limits.DEFAULT;
    private Object implementation = new Object();
    private Function<String, String> unary = text -> "re: " + text;
    private Function<RequestReader<String>, String> upload = texts -> {
        StringBuilder all = new StringBuilder();
        texts.forEach(all::append);
        return all.toString();
    };
    private BiConsumer<String, ResponseWriter<String>> watch = (text, out) -> {
        out.write("a");
        out.write("b");
        out.write("c");
    };
    private BiConsumer<RequestReader<String>, ResponseWriter<String>> chat =
            (texts, out) -> texts.forEach(text -> out.write("re: " + text));
    private ServiceDefinition service;
    private Server server;

    public TextsServer limits(UnaryOperator<Limits> change) {
        limits = change.apply(limits);
        return this;
    }

    public TextsServer unary(Function<String, String> handler) {
        unary = handler;
        return this;
    }

    public TextsServer upload(Function<RequestReader<String>, String> handler) {
        upload = handler;
        return this;
    }

    public TextsServer watch(BiConsumer<String, ResponseWriter<String>> handler) {
        watch = handler;
        return this;
    }

    public TextsServer chat(BiConsumer<RequestReader<String>, ResponseWriter<String>> handler) {
        chat = handler;
        return this;
    }

    /** No time passes on the server, however slow the machine: a peer does everything at once. */
    public TextsServer outOfTime() {
        builder.transport(new Http2Transport(new FakeClock()));
        return this;
    }

    /** Unary and Watch promise not to block, and so run on the event loop. */
    public TextsServer nonBlocking() {
        @NonBlocking
        class Prompt {}
        implementation = new Prompt();
        return this;
    }

    /** Serves this method alone, with a handler that sees the call itself. */
    public <Q, R> TextsServer only(MethodDescriptor<Q, R> method, ExecutionMode mode, ServerHandler<Q, R> handler) {
        service = ServiceDefinition.builder(ServiceDescriptor.of(Texts.SERVICE, method))
                .method(method, handler, mode)
                .build();
        return this;
    }

    public Server.Builder builder() {
        return builder;
    }

    public Server server() {
        if (server == null) {
            try {
                server = builder.limits(limits).service(definition()).start();
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        }
        return server;
    }

    /** A peer that has connected and has not said anything yet. */
    public ScriptedPeer dial() {
        return peers.connectTo(server().port());
    }

    /** A peer that is through with the handshake. */
    public ScriptedPeer greet() {
        return dial().handshake();
    }

    ServiceDefinition definition() {
        if (service != null) {
            return service;
        }
        return ServiceBinding.of(DESCRIPTOR, implementation)
                .unary(Texts.UNARY, "unary", unary)
                .serverStreaming(Texts.WATCH, "watch", watch)
                .clientStreaming(Texts.UPLOAD, "upload", upload)
                .bidiStreaming(Texts.CHAT, "chat", chat)
                .build();
    }

    // ---- what peers say and hear ----

    /** DATA with one text, after which more may follow. */
    public static Frame.Data text(int streamId, String text) {
        return GrpcFrames.data(streamId, text.getBytes(StandardCharsets.UTF_8));
    }

    /** DATA with one text, the last of the peer. */
    public static Frame.Data lastText(int streamId, String text) {
        return GrpcFrames.lastData(streamId, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The texts of a response. */
    public static List<String> texts(GrpcResponse response) {
        return response.messages().stream()
                .map(message -> message.payload().utf8())
                .toList();
    }

    /**
     * Peer makes the next call on this connection, and we answer it: whatever happened before has cost its stream
     * only.
     */
    public static void expectNextCallAnswered(ScriptedPeer peer, int streamId) {
        peer.send(GrpcFrames.request(streamId, UNARY), lastText(streamId, "next"));

        GrpcResponse response = GrpcResponse.collect(peer, streamId);
        Assertions.assertThat(response.status()).isZero();
        Assertions.assertThat(texts(response)).containsExactly("re: next");
    }

    // ---- life ----

    @Override
    public void afterTestExecution(ExtensionContext context) {
        peers.afterTestExecution(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            peers.afterEach(context);
        } finally {
            if (server != null) {
                server.close(); // Behind the peers: it waits a while for clients that do not go.
            }
        }
    }
}
