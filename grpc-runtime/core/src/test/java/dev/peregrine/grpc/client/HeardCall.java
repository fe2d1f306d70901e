// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A call together with what was heard of it: {@code headers}, {@code message hi}, {@code ready}, {@code OK}. */
public final class HeardCall extends ForwardingClientCall<String, String> implements ClientCall.Listener<String> {

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile @Nullable Metadata headers;
    private volatile @Nullable Metadata trailers;

    public HeardCall(ClientCall<String, String> call) {
        super(call);
    }

    void start() {
        start(this, Metadata.EMPTY);
    }

    /** The next event but {@code ready}, for which it is waited. */
    public String next() {
        String event;
        do {
            event = nextOrReady();
        } while (event.equals("ready"));
        return event;
    }

    /** The next event, for which it is waited. */
    public String nextOrReady() {
        try {
            String event = events.poll(ScriptedPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("expected to hear something of the call, but nothing came");
            }
            return event;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** Everything heard and not taken, but {@code ready}. */
    public List<String> heard() {
        List<String> heard = new ArrayList<>(events);
        heard.removeIf("ready"::equals);
        return heard;
    }

    public Metadata headers() {
        return present(headers);
    }

    public Metadata trailers() {
        return present(trailers);
    }

    @Override
    public void onHeaders(Metadata headers) {
        this.headers = headers;
        events.add("headers");
    }

    @Override
    public void onMessage(String response) {
        events.add("message " + response);
    }

    @Override
    public void onReady() {
        events.add("ready");
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        this.trailers = trailers;
        events.add(status.toString());
    }

    private static Metadata present(@Nullable Metadata metadata) {
        if (metadata == null) {
            throw new AssertionError("not heard yet");
        }
        return metadata;
    }
}
