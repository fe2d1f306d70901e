// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.server.ForwardingServerCall;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A call that reached the server, together with what the handler heard of it: {@code message hi}, {@code half-close},
 * {@code ready}, {@code cancel CANCELLED}. The test is the handler's other half: it asks, answers and ends.
 */
final class HandledCall extends ForwardingServerCall<String, String> implements ServerCall.Listener<String> {

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    HandledCall(ServerCall<String, String> call) {
        super(call);
    }

    /** The next event but {@code ready}, for which it is waited. */
    String next() {
        String event;
        do {
            event = nextOrReady();
        } while (event.equals("ready"));
        return event;
    }

    /** The next event, for which it is waited. */
    String nextOrReady() {
        try {
            String event = events.poll(ScriptedPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("expected the handler to hear something, but nothing came");
            }
            return event;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** Everything heard and not taken, but {@code ready}. */
    List<String> heard() {
        List<String> heard = new ArrayList<>(events);
        heard.removeIf("ready"::equals);
        return heard;
    }

    void close(Status status) {
        close(status, Metadata.EMPTY);
    }

    @Override
    public void onMessage(String request) {
        events.add("message " + request);
    }

    @Override
    public void onHalfClose() {
        events.add("half-close");
    }

    @Override
    public void onReady() {
        events.add("ready");
    }

    @Override
    public void onCancel(Status reason) {
        events.add("cancel " + reason.code());
    }
}
