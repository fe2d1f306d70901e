// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.UnixAbstractAddress;
import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.AttributeKey;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses as the API knows them, and as Netty's channels do. For any thread. */
@AnyThread
final class SocketAddresses {

    /** Who is behind a proxy, if the proxy has told. */
    static final AttributeKey<SocketAddress> TOLD = AttributeKey.valueOf(SocketAddresses.class, "told");

    /** A unix socket that connects is usually bound to no path; unix(7) calls it unnamed. */
    private static final SocketAddress UNNAMED = UnixDomainSocketAddress.of("");

    private SocketAddresses() {}

    static boolean isUnix(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress || address instanceof UnixAbstractAddress;
    }

    /**
     * As channels of these sockets take it.
     *
     * @throws UnsupportedOperationException if they have no such addresses
     */
    static SocketAddress forNetty(SocketAddress address, Sockets sockets) {
        if (address instanceof UnixAbstractAddress named) {
            if (!sockets.areNative()) {
                throw new UnsupportedOperationException(
                        "sockets of " + sockets.engine() + " have no abstract names; use epoll or io_uring, or a path");
            }
            return new DomainSocketAddress('\0' + named.name());
        }
        if (address instanceof UnixDomainSocketAddress file && sockets.areNative()) {
            return new DomainSocketAddress(file.getPath().toString());
        }
        return address;
    }

    /** Who is at the other end: the client itself, where a proxy told of it. */
    static SocketAddress remote(Channel channel) {
        SocketAddress told = channel.attr(TOLD).get();
        return told == null ? fromNetty(channel.remoteAddress()) : told;
    }

    static SocketAddress local(Channel channel) {
        return fromNetty(channel.localAddress());
    }

    private static SocketAddress fromNetty(@Nullable SocketAddress address) {
        if (address == null) {
            return UNNAMED;
        }
        if (address instanceof DomainSocketAddress unix) {
            String path = unix.path();
            return path.startsWith("\0") && path.length() > 1
                    ? UnixAbstractAddress.of(path.substring(1))
                    : UnixDomainSocketAddress.of(path.replace("\0", ""));
        }
        return address;
    }
}
