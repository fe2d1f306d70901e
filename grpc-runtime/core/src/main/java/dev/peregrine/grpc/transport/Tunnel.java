// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

/**
 * The way of a client's connections through a proxy: they are made to the proxy's addresses, and it is asked to go on.
 *
 * @param proxy who is asked
 * @param destination {@code host:port} of the server, which the proxy looks up
 */
public record Tunnel(HttpProxy proxy, String destination) {}
