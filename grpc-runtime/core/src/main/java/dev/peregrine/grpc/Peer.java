// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.net.SocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of the connection that carries a call.
 *
 * @param remote the other end's address
 * @param local our address on this connection
 * @param tls the TLS session; null on a plaintext connection
 */
public record Peer(
        SocketAddress remote, SocketAddress local, @Nullable SSLSession tls) {}
