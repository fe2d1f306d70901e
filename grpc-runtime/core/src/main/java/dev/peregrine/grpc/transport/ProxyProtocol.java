// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

/**
 * Whether a server's connections begin with the PROXY protocol (version 1 or 2), in which a proxy in front of it tells
 * the client's address. There is no "if it is there": whoever can reach the port could then name any address as its own.
 */
public enum ProxyProtocol {
    /** Connections begin with TLS or HTTP/2; a header of the PROXY protocol is an error. */
    OFF,

    /**
     * Every connection must begin with the header, and what it says is believed: let nobody but the proxies reach the
     * server's addresses. A connection without it, or with a malformed one, is closed.
     */
    REQUIRED
}
