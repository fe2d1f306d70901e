// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.HttpProxy;
import dev.peregrine.grpc.transport.Tunnel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a proxy by CONNECT (RFC 9110 §9.3.6) to go on to the server. Until it has agreed, what stands behind in the pipeline
 * is not told that there is a connection, and so says nothing; then the stage removes itself.
 *
 * <pre>
 *   connected to the proxy ── CONNECT ──▶ asked ── 2xx ──▶ gone
 *                                          │
 *                                          └── another answer, timeout, closed ──▶ failed
 * </pre>
 */
final class HttpTunnel extends ChannelInboundHandlerAdapter {

    private final Tunnel tunnel;
    private final Duration timeout;
    private final HttpClientCodec codec = new HttpClientCodec();

    private @Nullable ScheduledFuture<?> timer;
    private boolean agreed;
    private boolean failed;

    private HttpTunnel(Tunnel tunnel, Duration timeout) {
        this.tunnel = tunnel;
        this.timeout = timeout;
    }

    /** The stage goes in front of everything else, TLS included: that is the server's, at the other end of the tunnel. */
    static void stage(Channel channel, Tunnel tunnel, Duration timeout) {
        HttpTunnel stage = new HttpTunnel(tunnel, timeout);
        channel.pipeline().addLast(stage.codec).addLast(stage);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timer = ctx.executor()
                .schedule(
                        () -> fail(ctx, "has not answered within " + timeout), timeout.toNanos(), TimeUnit.NANOSECONDS);
        ctx.writeAndFlush(request());
    }

    private FullHttpRequest request() {
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, tunnel.destination());
        request.headers().set(HttpHeaderNames.HOST, tunnel.destination());
        HttpProxy proxy = tunnel.proxy();
        if (proxy.user() != null) {
            byte[] credentials = (proxy.user() + ':' + proxy.password()).getBytes(StandardCharsets.UTF_8);
            request.headers()
                    .set(
                            HttpHeaderNames.PROXY_AUTHORIZATION,
                            "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
        return request;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (failed) {
                return;
            }
            if (message instanceof HttpResponse response) {
                answered(ctx, response);
            }
            if (agreed && message instanceof LastHttpContent) {
                goOn(ctx);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void answered(ChannelHandlerContext ctx, HttpResponse response) {
        HttpResponseStatus status = response.status();
        if (response.decoderResult().isFailure()) {
            fail(ctx, "answered with something that is not HTTP/1");
        } else if (status.codeClass() == HttpStatusClass.SUCCESS) {
            agreed = true;
        } else if (status.codeClass() != HttpStatusClass.INFORMATIONAL) {
            fail(ctx, "answered " + status + hint(status));
        }
    }

    private String hint(HttpResponseStatus status) {
        if (!status.equals(HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED)) {
            return "";
        }
        return tunnel.proxy().user() == null
                ? "; give it credentials with HttpProxy.withCredentials"
                : "; it does not accept the user and password it was given";
    }

    private void goOn(ChannelHandlerContext ctx) {
        stopTimer();
        codec.removeOutboundHandler();
        ctx.fireChannelActive();
        ctx.pipeline().remove(this);
        ctx.pipeline().remove(codec); // It hands on what the server has said already.
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stopTimer();
        if (timer != null) {
            fail(ctx, "closed the connection without an answer");
        }
        ctx.fireChannelInactive();
    }

    private void fail(ChannelHandlerContext ctx, String what) {
        if (!failed) {
            failed = true;
            stopTimer();
            // Whoever stands behind closes the connection, as after any other error of the socket.
            ctx.fireExceptionCaught(new TunnelFailure(
                    "the proxy " + tunnel.proxy() + ", asked for " + tunnel.destination() + ", " + what));
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
