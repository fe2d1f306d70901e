// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.transport.RareWarning;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Stands in front of a listening socket. Who finds no place is closed at once, by TCP RST: a client that hears so can go
 * to another server, while one that is left waiting for us to accept believes to be connected. One for each listener, on
 * its event loop.
 */
final class AcceptGate extends ChannelInboundHandlerAdapter {

    /**
     * How long nothing is accepted after accepting has failed, for want of file descriptors most likely: the socket stays
     * readable, so trying again at once would do nothing else.
     */
    static final long PAUSE_MILLIS = 100;

    private final Admission admission;
    private final RareWarning refusals;
    private final RareWarning failures;

    AcceptGate(Admission admission, RareWarning refusals, RareWarning failures) {
        this.admission = admission;
        this.refusals = refusals;
        this.failures = failures;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel socket = (Channel) accepted;
        String refusal = admission.accepted(socket);
        if (refusal == null) {
            ctx.fireChannelRead(accepted);
        } else {
            refusals.warn("a connection to " + ctx.channel().localAddress() + " was refused: " + refusal);
            refuse(socket);
        }
    }

    /** No event loop has the socket yet, so it can be closed here. */
    private static void refuse(Channel socket) {
        if (socket instanceof SocketChannel) {
            socket.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        socket.unsafe().closeForcibly();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Channel listener = ctx.channel();
        failures.warn("accepting on " + listener.localAddress() + " failed, and is tried again in " + PAUSE_MILLIS
                + " ms: " + cause);
        if (listener.config().isAutoRead()) {
            listener.config().setAutoRead(false);
            listener.eventLoop()
                    .schedule(() -> listener.config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
