// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.wire.ErrorCode;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * RFC 9113 §9.2.1: renegotiation, which TLS 1.2 has and TLS 1.3 has not, is a connection error. The native implementation
 * refuses it by itself; that of the JDK would go along, and takes at least one read for it.
 */
final class NoRenegotiation extends ChannelInboundHandlerAdapter {

    private final SSLEngine engine;

    NoRenegotiation(SSLEngine engine) {
        this.engine = engine;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
                && !engine.isInboundDone()
                && !engine.isOutboundDone()) {
            ctx.fireExceptionCaught(new ConnectionError(
                    ErrorCode.PROTOCOL_ERROR, "TLS renegotiation is not allowed (RFC 9113 §9.2.1)"));
            ctx.pipeline().remove(this);
        }
        ctx.fireChannelReadComplete();
    }
}
