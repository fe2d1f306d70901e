// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.observe.SnapshotPage;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.testkit.Peers;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The cast of a client's test: our channel, and the peer that plays its server. A JUnit extension; it closes both, and a
 * failure comes with their conversation.
 */
public final class ClientScript implements AfterTestExecutionCallback, AfterEachCallback {

    private static final long PATIENCE_SECONDS = ScriptedPeer.PATIENCE.toSeconds();

    private final Peers peers = new Peers();
    private final ScriptedPeer.Server listener = peers.listen();
    private final List<ManagedChannel> channels = new ArrayList<>();

    /** Where the peer listens. */
    public ScriptedPeer.Server listener() {
        return listener;
    }

    /** The channel to the peer; the same one each time. */
    public ManagedChannel channel() {
        return channels.isEmpty() ? channel(builder -> builder) : channels.get(0);
    }

    /** A channel to the peer that is not like the others. */
    public ManagedChannel channel(UnaryOperator<ManagedChannel.Builder> change) {
        return closeLater(
                change.apply(ManagedChannel.builder(listener.authority())).build());
    }

    public ManagedChannel closeLater(ManagedChannel channel) {
        channels.add(channel);
        return channel;
    }

    /** The next connection, after the handshake; something else makes the channel connect. */
    public ScriptedPeer accept() {
        return listener.accept().handshake();
    }

    /** Makes the channel connect; it is READY when this returns. */
    public ScriptedPeer connected() {
        return connected(new Frame.Settings());
    }

    /** As {@link #connected()}; the peer announces these SETTINGS. */
    public ScriptedPeer connected(Frame.Settings settings) {
        channel().connect();
        return listener.accept().handshake(settings);
    }

    /** What was asked of the channel before has reached its connections; it may otherwise come behind what a peer says. */
    public void settle() {
        answerTo(channel().snapshot(SnapshotPage.TOTALS));
    }

    public CompletableFuture<String> unary(String request) {
        return unary(CallOptions.DEFAULT, request);
    }

    public CompletableFuture<String> unary(CallOptions options, String request) {
        return AsyncClientCalls.unary(channel(), Texts.UNARY, options, request).toCompletableFuture();
    }

    /** A call that is started and tells what it hears. */
    public HeardCall start(MethodDescriptor<String, String> method, CallOptions options) {
        HeardCall call = new HeardCall(channel().newCall(method, options));
        call.start();
        return call;
    }

    public HeardCall start(MethodDescriptor<String, String> method) {
        return start(method, CallOptions.DEFAULT);
    }

    /** What the peer says to answer a call with one message and OK. */
    public static Frame[] answer(int streamId, String text) {
        return new Frame[] {GrpcFrames.response(streamId), message(streamId, text), GrpcFrames.end(streamId, 0)};
    }

    public static Frame.Data message(int streamId, String text) {
        return GrpcFrames.data(streamId, Octets.utf8(text).toArray());
    }

    /** What the call ends with, for which it is waited. */
    public static <T> T answerTo(CompletionStage<T> call) {
        try {
            return call.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError("expected an answer, but the call failed: " + failed.getCause(), failed);
        } catch (InterruptedException | TimeoutException none) {
            throw new AssertionError("expected an answer, but none came within " + ScriptedPeer.PATIENCE, none);
        }
    }

    /** What the call fails with, for which it is waited. */
    public static StatusException failureOf(CompletionStage<?> call) {
        try {
            Object answer = call.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("expected the call to fail, but it was answered: " + answer);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof StatusException status) {
                return status;
            }
            throw new AssertionError("expected a status, but the call failed: " + failed.getCause(), failed);
        } catch (InterruptedException | TimeoutException none) {
            throw new AssertionError(
                    "expected the call to fail, but nothing came within " + ScriptedPeer.PATIENCE, none);
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        peers.afterTestExecution(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        channels.forEach(channel -> answerTo(channel.shutdownNow()));
        peers.afterEach(context);
    }
}
