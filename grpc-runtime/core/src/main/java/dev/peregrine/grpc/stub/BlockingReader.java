// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.server.ServerCall;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Reads requests one by one; asks for the next only when it is wanted. Handler's thread only. */
final class BlockingReader<Q> implements RequestReader<Q> {

    private final ServerCall<Q, ?> call;
    private final Deque<Q> arrived = new ArrayDeque<>(2);
    private boolean asked;
    private boolean ended;
    private @Nullable Status cancelled;

    BlockingReader(ServerCall<Q, ?> call) {
        this.call = call;
    }

    void arrived(Q request) {
        asked = false;
        arrived.add(request);
    }

    void ended() {
        ended = true;
    }

    void cancelled(Status reason) {
        cancelled = reason;
    }

    @Override
    public @Nullable Q read() {
        while (true) {
            if (cancelled != null) {
                throw cancelled.asException();
            }
            Q request = arrived.poll();
            if (request != null) {
                return request;
            }
            if (ended) {
                return null;
            }
            if (!asked) {
                asked = true;
                call.request(1);
            }
            BlockingWriter.await(call);
        }
    }

    @Override
    public Iterator<Q> iterator() {
        return new PullIterator<>(this::read);
    }
}
