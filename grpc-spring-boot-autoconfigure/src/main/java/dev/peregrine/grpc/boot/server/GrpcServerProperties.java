// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.Bytes;
import dev.peregrine.grpc.transport.Limits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where the server listens and what it asks of its callers.
 *
 * @param enabled Whether to start a server if there are services.
 * @param port Port to listen on. 0 takes a free one.
 * @param address Network address to listen on. Every address of the machine, if not set; calls are not encrypted, so set
 * one that only callers you trust can reach.
 * @param shutdownGracePeriod How long calls that were accepted may go on when the application stops. Those that remain
 * are cancelled then; with 0 at once. No longer than spring.lifecycle.timeout-per-shutdown-phase, whatever this says.
 * @param maxInboundMessageSize Largest message that is accepted from a client.
 * @param maxInboundMetadataSize Largest set of request headers that is accepted from a client, counted as HTTP/2 does.
 * @param maxConcurrentCallsPerConnection Calls that a client may have open on one connection at a time.
 */
@ConfigurationProperties("grpc.server")
record GrpcServerProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("9090") int port,
        @Nullable InetAddress address,
        @DefaultValue("30s") Duration shutdownGracePeriod,
        @DefaultValue("4MB") DataSize maxInboundMessageSize,
        @DefaultValue("8KB") DataSize maxInboundMetadataSize,
        @DefaultValue("1000") int maxConcurrentCallsPerConnection) {

    GrpcServerProperties {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        if (shutdownGracePeriod.isNegative()) {
            throw new IllegalArgumentException("shutdown-grace-period: " + shutdownGracePeriod + " (expected: >= 0)");
        }
        if (maxConcurrentCallsPerConnection < 1) {
            throw new IllegalArgumentException(
                    "max-concurrent-calls-per-connection: " + maxConcurrentCallsPerConnection + " (expected: >= 1)");
        }
        limits(maxInboundMessageSize, maxInboundMetadataSize, maxConcurrentCallsPerConnection);
    }

    Limits limits() {
        return limits(maxInboundMessageSize, maxInboundMetadataSize, maxConcurrentCallsPerConnection);
    }

    InetSocketAddress listenAddress() {
        return address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port);
    }

    private static Limits limits(DataSize messageSize, DataSize metadataSize, int concurrentCalls) {
        return Limits.DEFAULT
                .withMaxMessageSize(Bytes.ofMessage("max-inbound-message-size", messageSize))
                .withMaxMetadataSize(Bytes.ofMetadata("max-inbound-metadata-size", metadataSize))
                .withMaxConcurrentCalls(concurrentCalls);
    }
}
