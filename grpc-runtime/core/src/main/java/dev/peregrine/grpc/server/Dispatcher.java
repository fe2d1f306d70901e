// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.transport.CallAcceptor;
import dev.peregrine.grpc.transport.CompressibleServerStream;
import dev.peregrine.grpc.transport.SerialEvents;
import dev.peregrine.grpc.transport.ServerStream;
import dev.peregrine.grpc.transport.ServerStreamListener;
import dev.peregrine.grpc.wire.Excerpt;
import dev.peregrine.grpc.wire.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
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
    private final MessageEncodings encodings;

    Dispatcher(MethodRegistry registry, MessageEncodings encodings) {
        this.registry = registry;
        this.encodings = encodings;
    }

    @Override
    public ServerStreamListener accept(RequestHead head, ServerStream stream) {
        AsciiString path = head.path();
        ServedMethod<?, ?> method = path == null ? null : registry.find(path);
        if (method == null) {
            stream.end(
                    Status.of(StatusCode.UNIMPLEMENTED, "no method " + Excerpt.of(path) + " on this server"),
                    Metadata.EMPTY);
            return DEAF;
        }
        AsciiString encoding = head.encoding();
        if (!encodings.canRead(encoding)) {
            // PROTOCOL-HTTP2.md: an unsupported Message-Encoding is UNIMPLEMENTED, with what is supported beside it.
            String names = encodings.names();
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

    private <Q, R> ServerStreamListener start(ServedMethod<Q, R> method, RequestHead head, ServerStream stream) {
        Admission admission = Admission.to(method, stream);
        SerialEvents events = method.method().mode() == ExecutionMode.BLOCKING
                ? new SerialEvents(admission == null ? method.blocking() : admission)
                : null;
        RunningCall<Q, R> call = new RunningCall<>(method, head, stream, events, admission);
        CallGuard guard = method.options().guard();
        if (guard != null && !call.passes(guard)) {
            return DEAF;
        }
        call.begin();
        return call;
    }
}
