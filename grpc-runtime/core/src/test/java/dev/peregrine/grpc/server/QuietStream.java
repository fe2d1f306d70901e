// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.transport.CompressibleServerStream;
import dev.peregrine.grpc.transport.OutboundMessage;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A transport's end of a call that leads nowhere, and notes what the call says. */
final class QuietStream implements CompressibleServerStream {

    final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    @Override
    public Peer peer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reply(Metadata headers, OutboundMessage<?> message, Metadata trailers) {
        said.add("reply");
    }

    @Override
    public void headers(Metadata headers) {}

    @Override
    public void write(OutboundMessage<?> message) {
        said.add("message");
    }

    @Override
    public void end(Status status, Metadata trailers) {
        said.add(status.toString());
    }

    @Override
    public void request(int messages) {}

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void hold(boolean held) {}

    @Override
    public void execute(Runnable task) {}

    @Override
    public void encodings(@Nullable String responses, String accepted) {}
}
