// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.Delegation;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.naming.Target;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientConnection;
import dev.peregrine.grpc.transport.ClientStream;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.CompressibleStream;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.Resend;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DelayedStreamTest {

    private interface CompressibleClientStream extends ClientStream, CompressibleStream {}

    private record Opening(ClientStream stream) implements ClientConnection {

        @Override
        public ClientStream open(
                CallHead head, @Nullable OutboundMessage<?> sole, int demand, ClientStreamListener listener) {
            return stream;
        }

        @Override
        public void shutdown() {}

        @Override
        public void shutdownNow(Status why) {}
    }

    private static final class Deaf implements ClientStreamListener {

        @Override
        public void onHeaders(Metadata headers) {}

        @Override
        public void onMessage(ByteBuf message, boolean compressed) {}

        @Override
        public void onReady() {}

        @Override
        public void onClosed(Status status, Metadata trailers, Resend resend) {}
    }

    @Test
    void onceAConnectionIsThereWhateverTheStreamIsAskedReachesTheRealOne() throws Exception {
        Delegation.isComplete(CompressibleClientStream.class, opened -> {
            CallHead head = new CallHead("/s/m", "authority", null, Metadata.EMPTY);
            WaitingCalls queue =
                    new WaitingCalls(new Target.Host("host", 80), new FakeTransport(), 1, () -> "CONNECTING", () -> {});
            DelayedStream delayed = new DelayedStream(head, null, 1, new Deaf(), false, queue);
            delayed.open(new Opening(opened));
            return delayed;
        });
    }
}
