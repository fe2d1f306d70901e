// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.SocketAddress;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Between TLS and the connection: holds HTTP/2 to what it demands of TLS (RFC 9113 §9.2), and says what is wrong when TLS
 * fails.
 *
 * <pre>
 *   socket ── TlsGate ── SslHandler ── TlsStage ── Connection
 * </pre>
 *
 * The connection's first words may wait in the {@code SslHandler}, and leave with the end of the handshake.
 */
final class TlsStage extends ChannelInboundHandlerAdapter {

    private final boolean server;
    private final SslHandler tls;
    private @Nullable SocketAddress remote;
    private boolean failed;

    private TlsStage(boolean server, SslHandler tls) {
        this.server = server;
        this.tls = tls;
    }

    /** Adds the stages of TLS. */
    static void addTo(Channel channel, TlsContexts contexts, boolean server) {
        SslHandler tls = contexts.newHandler(channel.alloc());
        channel.pipeline().addLast(new TlsGate(server), tls, new TlsStage(server, tls));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        remote = ctx.channel().remoteAddress();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        remote = ctx.channel().remoteAddress();
        ctx.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                handshakeDone(ctx);
            } else {
                fail(ctx, handshake.cause());
            }
        } else if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
            ctx.channel().close(); // As where a plaintext socket is closed: nothing more can come.
        }
    }

    private void handshakeDone(ChannelHandlerContext ctx) {
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.remove(TlsGate.class);
        if (!ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
            if (server) {
                pipeline.addAfter(ctx.name(), null, new WithoutAlpn());
            } else {
                failed = true;
                ctx.fireExceptionCaught(new TlsFailure(
                        "the server at " + remote + " does not speak HTTP/2 over TLS: it did not choose h2 by ALPN",
                        null));
            }
        }
        if (tls.engine().getSession().getProtocol().equals("TLSv1.2")) {
            pipeline.addAfter(ctx.name(), null, new NoRenegotiation(tls.engine()));
        }
    }

    /** Only TLS and the socket stand before this, so what is not the socket's is TLS's, whatever engines throw. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
        Throwable cause = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        boolean ofSocket = cause instanceof IOException && !(cause instanceof SSLException);
        if (cause instanceof TlsFailure || cause instanceof TunnelFailure) {
            failed = true;
            ctx.fireExceptionCaught(cause);
        } else if (ofSocket && !failed && tls.handshakeFuture().isDone()) {
            ctx.fireExceptionCaught(cause);
        } else {
            fail(ctx, cause);
        }
    }

    /** Once: engines throw, and tell the same as an event. */
    private void fail(ChannelHandlerContext ctx, Throwable cause) {
        if (!failed) {
            failed = true;
            ctx.fireExceptionCaught(
                    new TlsFailure("TLS with " + remote + " failed: " + TlsDiagnosis.of(cause, server), cause));
        }
    }
}
