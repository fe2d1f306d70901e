// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.channelz;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether tools such as grpcdebug may look into the application.
 *
 * @param enabled Whether to offer gRPC's channelz service. It tells the addresses of every peer.
 * @param server Name of the server that offers channelz; every one, if *.
 */
@ConfigurationProperties("grpc.server.channelz")
record ChannelzProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("*") String server) {}
