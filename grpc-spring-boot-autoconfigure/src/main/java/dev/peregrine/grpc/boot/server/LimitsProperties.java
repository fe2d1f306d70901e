// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.Bytes;
import dev.peregrine.grpc.transport.Limits;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@link Limits}, as far as servers have a use for them, with the same names and defaults; but for the calls of a
 * connection, which are not those of the server.
 *
 * @param maxMessageSize Largest message that is accepted from a client.
 * @param maxMetadataSize Largest set of request headers that is accepted from a client, counted as HTTP/2 does.
 * @param maxConcurrentCallsPerConnection Calls that a client may have open on one connection at a time.
 * @param streamWindow Bytes that a client may send on one call ahead of the application.
 * @param connectionWindow Bytes that a client may send on one connection before it hears that they arrived.
 * @param maxWindow How far both windows may grow by themselves where the line carries more. 0 keeps them as they are.
 * @param writeBufferHighWater Unsent bytes of a call above which it is not ready for more.
 * @param maxResetsPerWindow How many more calls a client may reset in 30 seconds than it lets the server answer.
 * @param maxQueuedControlFrames Answers to SETTINGS and PING that may wait for a client that does not read.
 * @param maxIdleFrames Frames that move no data a client may send in 30 seconds, beyond sixteen for each that does.
 * @param handshakeTimeout How long a connection may take to say its first words, TLS included.
 * @param maxBufferedBytes Bytes that may lie with the server for one connection, in each direction.
 * @param maxConnections Connections that may be open at once.
 * @param maxConnectionsPerAddress Connections that one client address may have open at once.
 * @param maxCompressionRatio How many bytes the compressed messages of a call may unpack to for each that came.
 */
record LimitsProperties(
        @DefaultValue("4MB") DataSize maxMessageSize,
        @DefaultValue("8KB") DataSize maxMetadataSize,
        @DefaultValue("1000") int maxConcurrentCallsPerConnection,
        @DefaultValue("1MB") DataSize streamWindow,
        @DefaultValue("4MB") DataSize connectionWindow,
        @DefaultValue("8MB") DataSize maxWindow,
        @DefaultValue("64KB") DataSize writeBufferHighWater,
        @DefaultValue("200") int maxResetsPerWindow,
        @DefaultValue("1000") int maxQueuedControlFrames,
        @DefaultValue("10000") int maxIdleFrames,
        @DefaultValue("20s") Duration handshakeTimeout,
        @DefaultValue("128MB") DataSize maxBufferedBytes,
        @DefaultValue("10000") int maxConnections,
        @DefaultValue("1000") int maxConnectionsPerAddress,
        @DefaultValue("200") int maxCompressionRatio) {

    LimitsProperties {
        atLeast(1, "max-concurrent-calls-per-connection", maxConcurrentCallsPerConnection);
        atLeast(1024, "stream-window", streamWindow);
        atLeast(65_535, "connection-window", connectionWindow);
        atLeast(1, "write-buffer-high-water", writeBufferHighWater);
        atLeast(65_536, "max-buffered-bytes", maxBufferedBytes);
        atLeast(1, "max-resets-per-window", maxResetsPerWindow);
        atLeast(1, "max-queued-control-frames", maxQueuedControlFrames);
        atLeast(100, "max-idle-frames", maxIdleFrames);
        atLeast(1, "max-connections", maxConnections);
        atLeast(1, "max-connections-per-address", maxConnectionsPerAddress);
        atLeast(1, "max-compression-ratio", maxCompressionRatio);
        if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
            throw new IllegalArgumentException("handshake-timeout: " + handshakeTimeout + " (expected: > 0)");
        }
    }

    private static void atLeast(int least, String property, DataSize size) {
        if (size.toBytes() < least) {
            throw new IllegalArgumentException(property + ": " + size + " (expected: >= " + least + "B)");
        }
    }

    private static void atLeast(int least, String property, int value) {
        if (value < least) {
            throw new IllegalArgumentException(property + ": " + value + " (expected: >= " + least + ")");
        }
    }

    /**
     * As the runtime says it.
     *
     * @throws IllegalArgumentException if it cannot work with a value, which it names
     */
    Limits toLimits() {
        return Limits.DEFAULT
                .withMaxMessageSize(Bytes.of("max-message-size", maxMessageSize))
                .withMaxMetadataSize(Bytes.ofMetadata("max-metadata-size", maxMetadataSize))
                .withMaxConcurrentCalls(maxConcurrentCallsPerConnection)
                .withWindows(Bytes.of("stream-window", streamWindow), Bytes.of("connection-window", connectionWindow))
                .withMaxWindow(Bytes.of("max-window", maxWindow))
                .withWriteBufferHighWater(Bytes.of("write-buffer-high-water", writeBufferHighWater))
                .withMaxResetsPerWindow(maxResetsPerWindow)
                .withMaxQueuedControlFrames(maxQueuedControlFrames)
                .withMaxIdleFrames(maxIdleFrames)
                .withHandshakeTimeout(handshakeTimeout)
                .withMaxBufferedBytes(Bytes.of("max-buffered-bytes", maxBufferedBytes))
                .withMaxConnections(maxConnections)
                .withMaxConnectionsPerAddress(maxConnectionsPerAddress)
                .withMaxCompressionRatio(maxCompressionRatio);
    }
}
