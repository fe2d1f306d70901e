// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.transport.ServerStream;
import dev.peregrine.grpc.transport.ServerStreamListener;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a call of a method that runs on the event loop and has {@link ConcurrencyLimit}s.
 *
 * <pre>
 *   outside ── handler may begin, every limit has a place ──▶ inside ── closed ──▶ gone
 *      └────── handler may begin, a limit is full ──▶ answered ──────── closed ──▶ gone
 * </pre>
 *
 * Connection's thread.
 */
final class GatedCall implements ServerStreamListener {

    private enum Place {
        OUTSIDE,
        INSIDE,
        GONE
    }

    private final RunningCall<?, ?> call;
    private final List<ConcurrencyLimit> gates;
    private final ServerStream stream;
    private Place place = Place.OUTSIDE;

    private GatedCall(RunningCall<?, ?> call, List<ConcurrencyLimit> gates, ServerStream stream) {
        this.call = call;
        this.gates = gates;
        this.stream = stream;
    }

    static ServerStreamListener begin(RunningCall<?, ?> call, ServedMethod<?, ?> method, ServerStream stream) {
        GatedCall gated = new GatedCall(call, method.gates(), stream);
        if (!method.method().descriptor().kind().hasRequestStream() || gated.enter()) {
            call.begin(); // Only collects, where there is a single request.
        }
        return gated;
    }

    /** Whether the handler may begin; answers the call if it may not. */
    private boolean enter() {
        for (int i = 0; i < gates.size(); i++) {
            if (!gates.get(i).enter()) {
                leave(i);
                place = Place.GONE;
                CallRefusedException refused = gates.get(i).refused();
                stream.end(refused.status(), refused.trailers());
                return false;
            }
        }
        place = Place.INSIDE;
        return true;
    }

    private void leave(int entered) {
        for (int i = 0; i < entered; i++) {
            LimitedExecutor.Waiting next = gates.get(i).leave();
            if (next != null) {
                next.beginElsewhere();
            }
        }
    }

    @Override
    public long timeoutNanos(long asked) {
        return call.timeoutNanos(asked);
    }

    @Override
    public int maxMessageSize(int usual) {
        return call.maxMessageSize(usual);
    }

    @Override
    public void onMessage(ByteBuf message, boolean compressed) {
        if (place != Place.GONE) {
            call.onMessage(message, compressed);
        }
    }

    @Override
    public void onHalfClosed() {
        if (place == Place.INSIDE || (place == Place.OUTSIDE && enter())) {
            call.onHalfClosed();
        }
    }

    @Override
    public void onReady() {
        if (place == Place.INSIDE) {
            call.onReady();
        }
    }

    @Override
    public void onClosed(@Nullable Status failure) {
        boolean inside = place == Place.INSIDE;
        place = Place.GONE;
        call.onClosed(failure); // Also lets go of a request that was collected.
        if (inside) {
            leave(gates.size());
        }
    }

    @Override
    public void onServerLeaves() {
        if (place != Place.GONE) {
            call.onServerLeaves();
        }
    }

    @Override
    public CallContext context() {
        return call.context();
    }

    @Override
    public boolean isStillBusy(Runnable whenFree) {
        return call.isStillBusy(whenFree);
    }
}
