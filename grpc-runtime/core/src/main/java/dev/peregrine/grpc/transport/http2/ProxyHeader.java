// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.RareWarning;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the header of the PROXY protocol off a connection, and remembers whose it says the connection is. A header that
 * is malformed, or something else in its place, closes the connection; waiting for it is bounded by the handshake timeout.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {

    /**
     * What a header of version 2 may carry beside the addresses. Proxies put a few names and certificates' common names
     * there; the protocol would allow 64 KiB, which nobody has to send before we know him.
     */
    private static final int MAX_EXTRAS = 2048;

    private final Admission admission;
    private final RareWarning refusals;
    private boolean failed;

    private ProxyHeader(Admission admission, RareWarning refusals) {
        this.admission = admission;
        this.refusals = refusals;
    }

    /** The stage goes in front of everything else, TLS included: proxies write the header in the clear. */
    static void stage(Channel channel, Admission admission, RareWarning refusals) {
        channel.pipeline().addLast(new HAProxyMessageDecoder(MAX_EXTRAS)).addLast(new ProxyHeader(admission, refusals));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (failed || !(message instanceof HAProxyMessage header)) {
            ReferenceCountUtil.release(message);
            return;
        }
        SocketAddress client;
        try {
            client = client(header);
        } finally {
            header.release();
        }
        if (client != null) {
            String refusal = admission.told(ctx.channel(), client);
            if (refusal != null) {
                fail(ctx, refusal);
                return;
            }
            ctx.channel().attr(SocketAddresses.TOLD).set(client);
        }
        ctx.pipeline().remove(this); // The decoder removes itself, and hands on what came behind the header.
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            ctx.fireExceptionCaught(cause);
        } else {
            String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            fail(ctx, "it does not begin with a header of the PROXY protocol: " + why);
        }
    }

    private void fail(ChannelHandlerContext ctx, String why) {
        if (!failed) {
            failed = true;
            refusals.warn("a connection from " + ctx.channel().remoteAddress() + " was closed: " + why);
            ctx.close();
        }
    }

    /** Whom the header names; null if it names nobody, as with the proxy's own connections (LOCAL, UNKNOWN). */
    private static @Nullable SocketAddress client(HAProxyMessage header) {
        String address = header.sourceAddress();
        if (header.command() == HAProxyCommand.LOCAL || address == null) {
            return null;
        }
        return switch (header.proxiedProtocol().addressFamily()) {
            case AF_IPv4, AF_IPv6 -> new InetSocketAddress(literal(address), header.sourcePort());
            case AF_UNIX -> UnixDomainSocketAddress.of(address.replace("\0", ""));
            case AF_UNSPEC -> null;
        };
    }

    private static InetAddress literal(String address) {
        try {
            return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(address));
        } catch (UnknownHostException neither4Nor16Bytes) {
            throw new IllegalArgumentException("'" + address + "' is no address", neither4Nor16Bytes);
        }
    }
}
