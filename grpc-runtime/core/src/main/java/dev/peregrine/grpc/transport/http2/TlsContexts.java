// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.tls.TlsSettings;
import dev.peregrine.grpc.tls.TlsSource;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of one server or channel: a context that all its handshakes share, with its cache of sessions, and that is made
 * anew when the settings are replaced. Whoever could resume a session of the old context has to prove again who it is.
 */
@AnyThread
final class TlsContexts implements AutoCloseable {

    private final @Nullable ServerName server;
    private final Runnable leave;
    private volatile @Nullable SslContext current;

    private TlsContexts(@Nullable ServerName server, Function<TlsContexts, Runnable> follow) {
        this.server = server;
        this.leave = follow.apply(this);
    }

    /**
     * Follows the source until closed.
     *
     * @param server whom a client talks to; null on a server
     * @throws IllegalArgumentException if its settings cannot be used
     */
    static <T extends TlsSettings> TlsContexts follow(TlsSource<T> source, @Nullable ServerName server) {
        return new TlsContexts(
                server,
                contexts -> source.follow(settings -> {
                    SslContext next = SslContexts.of(settings);
                    return () -> contexts.current = next;
                }));
    }

    /** What encrypts one connection. */
    SslHandler newHandler(ByteBufAllocator alloc) {
        SslContext context = current;
        if (context == null) {
            throw new IllegalStateException("a source of TLS settings has given none");
        }
        SslHandler handler = server == null
                ? context.newHandler(alloc, HandshakeThreads.EXECUTOR)
                : context.newHandler(alloc, server.host(), server.port(), HandshakeThreads.EXECUTOR);
        handler.setHandshakeTimeoutMillis(0); // The connection's own timer holds both handshakes, TLS and HTTP/2.
        if (server != null) {
            server.indicate(handler.engine());
        }
        return handler;
    }

    @Override
    public void close() {
        leave.run();
    }
}
