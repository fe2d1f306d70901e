// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.codec.CompressionPolicy;
import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.CompressibleServerStream;
import dev.peregrine.grpc.transport.SerialEvents;
import dev.peregrine.grpc.transport.ServerStream;
import dev.peregrine.grpc.transport.ServerStreamListener;
import dev.peregrine.grpc.wire.Excerpt;
import dev.peregrine.grpc.wire.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Finds the method of each new call and starts it; runs on the connection's thread. */
final class Dispatcher implements CallAcceptor {

    /** Hears the rest of a call that has been answered already. */
    private static final ServerStreamListener DEAF = new ServerStreamListener() {
        @Override
        public void onMessage(ByteBuf message, boolean compressed) {}

        @Override
        public void onHalfClosed() {}

        @Override
        public void onReady() {}

        @Override
        public void onClosed(@Nullable Status failure) {}
    };

    private final MethodRegistry registry;
    private final Executor blocking;
    private final CompressionPolicy compression;

    Dispatcher(MethodRegistry registry, Executor blocking, CompressionPolicy compression) {
        this.registry = registry;
        this.blocking = blocking;
        this.compression = compression;
    }

    @Override
    public ServerStreamListener accept(RequestHead head, ServerStream stream) {
        AsciiString path = head.path();
        ServerMethod<?, ?> method = path == null ? null : registry.find(path);
        if (method == null) {
            stream.end(
                    Status.of(StatusCode.UNIMPLEMENTED, "no method " + Excerpt.of(path) + " on this server"),
                    Metadata.EMPTY);
            return DEAF;
        }
        AsciiString encoding = head.encoding();
        if (!compression.encodings().canRead(encoding)) {
            // PROTOCOL-HTTP2.md: an unsupported Message-Encoding is UNIMPLEMENTED, with what is supported beside it.
            String names = compression.encodings().names();
            if (stream instanceof CompressibleServerStream compressible) {
                compressible.encodings(null, names);
            }
            stream.end(
                    Status.of(
                            StatusCode.UNIMPLEMENTED,
                            "message encoding '" + Excerpt.of(encoding) + "' is not supported (supported: " + names
                                    + ")"),
                    Metadata.EMPTY);
            return DEAF;
        }
        return start(method, head, stream);
    }

    private <Q, R> ServerStreamListener start(ServerMethod<Q, R> method, RequestHead head, ServerStream stream) {
        SerialEvents events = method.mode() == ExecutionMode.BLOCKING ? new SerialEvents(blocking) : null;
        RunningCall<Q, R> call = new RunningCall<>(method, head, stream, events, compression);
        call.begin();
        return call;
    }
}
