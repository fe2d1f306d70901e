// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.MethodOptions;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.stub.ServiceBinding;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.transport.Limits;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server and a channel to it, over one transport. Unless a test brings a service of its own, the server has the four
 * methods of {@link Texts}, and {@link #handled} is where the test answers their calls itself.
 */
final class Stage implements AfterEachCallback {

    static final ServiceDescriptor TEXTS =
            ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY, Texts.UPLOAD, Texts.WATCH, Texts.CHAT);

    private final TransportUnderTest transport;
    private final Severable clientSide;
    private final BlockingQueue<HandledCall> handled = new LinkedBlockingQueue<>();
    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    private ServiceDefinition service = byHand(TEXTS);
    private MethodOptions options = MethodOptions.DEFAULT;
    private Limits serverLimits = Limits.DEFAULT;
    private Limits clientLimits = Limits.DEFAULT;

    Stage(TransportUnderTest transport) {
        this.transport = transport;
        this.clientSide = new Severable(transport.provider());
    }

    // ---- setting the stage, before the first call ----

    void serve(ServiceDefinition service) {
        this.service = service;
    }

    /** Serves Unary alone, with a handler that may block. */
    void serveUnary(Function<String, String> handler) {
        serve(ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY), new Object())
                .unary(Texts.UNARY, "unary", handler)
                .build());
    }

    /** Serves these methods, with the test as their handler. */
    void serveByHand(MethodDescriptor<?, ?>... methods) {
        serve(byHand(ServiceDescriptor.of(Texts.SERVICE, methods)));
    }

    /** Serves everything, with the test as the handler, and with streams that have no claim to a shutdown's grace. */
    void serveWithoutGrace() {
        serve(byHand(TEXTS).withStreamsWithoutGrace());
    }

    /** What counts for each method that is served. */
    void options(MethodOptions options) {
        this.options = options;
    }

    void serverLimits(UnaryOperator<Limits> change) {
        serverLimits = change.apply(serverLimits);
    }

    void clientLimits(UnaryOperator<Limits> change) {
        clientLimits = change.apply(clientLimits);
    }

    @SuppressWarnings("unchecked")
    private ServiceDefinition byHand(ServiceDescriptor descriptor) {
        ServerHandler<String, String> handler = call -> {
            HandledCall arrived = new HandledCall(call);
            handled.add(arrived);
            return arrived;
        };
        ServiceDefinition.Builder definition = ServiceDefinition.builder(descriptor);
        for (MethodDescriptor<?, ?> method : descriptor.methods()) {
            definition.method((MethodDescriptor<String, String>) method, handler, ExecutionMode.EVENT_LOOP);
        }
        return definition.build();
    }

    // ---- server and channel ----

    /** The server that runs, or that is started now. */
    Server server() {
        return servers.isEmpty() ? start(transport.address().get()) : servers.get(servers.size() - 1);
    }

    /** Starts one more server. */
    Server start(SocketAddress address) {
        try {
            Server started = transport
                    .servers()
                    .apply(Server.builder().transport(transport.provider()))
                    .address(address)
                    .limits(serverLimits)
                    .service(service, method -> options)
                    .start();
            servers.add(started);
            return started;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Where a server listens. */
    static SocketAddress addressOf(Server server) {
        return server.addresses().get(0);
    }

    /** The channel to the server; the same one each time. */
    ManagedChannel channel() {
        return channels.isEmpty() ? newChannel() : channels.get(0);
    }

    /** One more channel to the server. */
    ManagedChannel newChannel() {
        ManagedChannel channel = transport
                .channels()
                .apply(ManagedChannel.builder(transport.target().apply(addressOf(server())))
                        .transport(clientSide))
                .limits(clientLimits)
                .initialBackoff(Duration.ofMillis(1))
                .build();
        channels.add(channel);
        return channel;
    }

    /** Cuts the channels' connections. */
    void cutConnections() {
        clientSide.sever();
    }

    /** How many connections the channels have tried to make since they were cut. */
    int connections() {
        return clientSide.connections();
    }

    // ---- calls ----

    /** A call that is started and tells what it hears. */
    HeardCall start(MethodDescriptor<String, String> method) {
        return start(method, CallOptions.DEFAULT);
    }

    HeardCall start(MethodDescriptor<String, String> method, CallOptions options) {
        HeardCall call = new HeardCall(channel().newCall(method, options));
        call.start(call, Metadata.EMPTY);
        return call;
    }

    /** A call with one request, sent and half-closed, that asks for every response. */
    HeardCall ask(MethodDescriptor<String, String> method, String request) {
        return ask(method, CallOptions.DEFAULT, request);
    }

    HeardCall ask(MethodDescriptor<String, String> method, CallOptions options, String request) {
        HeardCall call = start(method, options);
        call.request(Integer.MAX_VALUE);
        call.send(request);
        call.halfClose();
        return call;
    }

    CompletableFuture<String> unary(String request) {
        return unary(CallOptions.DEFAULT, request);
    }

    CompletableFuture<String> unary(CallOptions options, String request) {
        return AsyncClientCalls.unary(channel(), Texts.UNARY, options, request).toCompletableFuture();
    }

    /** What the call ends with, for which it is waited. */
    static <T> T answerTo(CompletableFuture<T> call) {
        return ClientScript.answerTo(call);
    }

    static StatusException failureOf(CompletableFuture<?> call) {
        return ClientScript.failureOf(call);
    }

    /** What the call ends with, whatever is heard of it before. */
    static String endOf(HeardCall call) {
        String event;
        do {
            event = call.next();
        } while (event.equals("headers") || event.startsWith("message "));
        return event;
    }

    /** The next call that reaches the server, for which it is waited. */
    HandledCall handled() {
        try {
            HandledCall call = handled.poll(ScriptedPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (call == null) {
                throw new AssertionError("expected a call at the server, but none came");
            }
            return call;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** How many calls have reached the server and were not looked at. */
    int unseenCalls() {
        return handled.size();
    }

    /** Makes a call and answers it: the connection is there and works. */
    void expectNextCallAnswered() {
        CompletableFuture<String> call = unary("next");
        HandledCall server = handled();
        server.send("re: next");
        server.close(Status.OK);
        if (!answerTo(call).equals("re: next")) {
            throw new AssertionError("the next call got the wrong answer");
        }
    }

    // ---- the end ----

    /** Closes everything; a test that waited for the end itself loses nothing. */
    void close() {
        channels.forEach(ManagedChannel::close);
        servers.forEach(Server::close);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }
}
