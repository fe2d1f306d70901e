// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.balancing.Backoff;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.naming.Target;
import dev.peregrine.grpc.transport.Limits;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A channel on a {@link FakeTransport}, to a host of two addresses; three calls may wait for it. */
final class FakeChannel {

    static final SocketAddress FIRST = InetSocketAddress.createUnresolved("first", 1);
    static final SocketAddress SECOND = InetSocketAddress.createUnresolved("second", 2);
    static final CallOptions WAITING = CallOptions.DEFAULT.withWaitForReady(true);

    final FakeTransport transport = new FakeTransport();

    CompletableFuture<List<SocketAddress>> addresses = CompletableFuture.completedFuture(List.of(FIRST, SECOND));
    int lookups;

    @Nullable
    RuntimeException resolverThrows;

    final Subchannel subchannel = new Subchannel(
            new Target.Host("host", 80),
            target -> {
                lookups++;
                if (resolverThrows != null) {
                    throw resolverThrows;
                }
                return addresses;
            },
            transport,
            new Backoff(Duration.ofSeconds(1), () -> 0.5), // In the middle of the jitter: exactly the base.
            Limits.DEFAULT.withMaxWaitingCalls(3));

    HeardCall outgoing(MethodDescriptor<String, String> method, CallOptions options) {
        CompressionPolicy plain = new CompressionPolicy(MessageEncodings.NONE, null, 4 << 20, 200);
        return new HeardCall(new OutgoingCall<>(method, options, "host:80", subchannel, plain, null));
    }

    /** A call of streams both ways, started. */
    HeardCall call(CallOptions options) {
        HeardCall call = outgoing(Texts.CHAT, options);
        call.start();
        return call;
    }

    HeardCall call() {
        return call(CallOptions.DEFAULT);
    }

    /** A unary call that has said everything. */
    HeardCall unary() {
        HeardCall call = outgoing(Texts.UNARY, CallOptions.DEFAULT);
        call.start();
        call.send("hi");
        call.halfClose();
        return call;
    }

    /** Connects the first address; returns what it led to. */
    FakeTransport.FakeAttempt connected() {
        subchannel.connect();
        transport.run();
        transport.lastAttempt().ready();
        return transport.lastAttempt();
    }

    /** Fails to connect. */
    void failed() {
        subchannel.connect();
        transport.run();
        transport.lastAttempt().closed("refused");
        transport.lastAttempt().closed("refused");
    }
}
