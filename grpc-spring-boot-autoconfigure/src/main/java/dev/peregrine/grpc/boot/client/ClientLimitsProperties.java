// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.Bytes;
import dev.peregrine.grpc.boot.PropertyNames;
import dev.peregrine.grpc.transport.Limits;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@link Limits}, as far as clients have a use for them, with the same names and defaults.
 *
 * @param maxMessageSize Largest message that is accepted from the server.
 * @param maxMetadataSize Largest set of response headers or trailers that is accepted from the server, counted as HTTP/2
 * does.
 * @param maxWaitingCalls Calls that may wait for a connection, or for the server to take more; one more fails with
 * RESOURCE_EXHAUSTED.
 * @param streamWindow Bytes that the server may send on one call ahead of the application.
 * @param connectionWindow Bytes that the server may send on one connection before it hears that they arrived.
 * @param maxWindow How far both windows may grow by themselves where the line carries more. 0 keeps them as they are.
 * @param writeBufferHighWater Unsent bytes of a call above which it is not ready for more.
 * @param maxQueuedControlFrames Answers to SETTINGS and PING that may wait for a server that does not read.
 * @param maxIdleFrames Frames that move no data the server may send in 30 seconds, beyond sixteen for each that does.
 * @param handshakeTimeout How long a connection may take to say its first words, TLS included.
 * @param maxBufferedBytes Bytes that may lie with the client for one connection, in each direction.
 * @param maxCompressionRatio How many bytes the compressed messages of a call may unpack to for each that came.
 */
record ClientLimitsProperties(
        @DefaultValue("4MB") DataSize maxMessageSize,
        @DefaultValue("8KB") DataSize maxMetadataSize,
        @DefaultValue("50000") int maxWaitingCalls,
        @DefaultValue("1MB") DataSize streamWindow,
        @DefaultValue("4MB") DataSize connectionWindow,
        @DefaultValue("8MB") DataSize maxWindow,
        @DefaultValue("64KB") DataSize writeBufferHighWater,
        @DefaultValue("1000") int maxQueuedControlFrames,
        @DefaultValue("10000") int maxIdleFrames,
        @DefaultValue("20s") Duration handshakeTimeout,
        @DefaultValue("128MB") DataSize maxBufferedBytes,
        @DefaultValue("200") int maxCompressionRatio) {

    /**
     * @throws IllegalArgumentException if the runtime cannot work with a value, which it names
     */
    Limits toLimits() {
        return PropertyNames.under("limits", this::limits);
    }

    private Limits limits() {
        return Limits.DEFAULT
                .withMaxMessageSize(Bytes.of("limits.max-message-size", maxMessageSize))
                .withMaxMetadataSize(Bytes.ofMetadata("limits.max-metadata-size", maxMetadataSize))
                .withMaxWaitingCalls(maxWaitingCalls)
                .withWindows(
                        Bytes.of("limits.stream-window", streamWindow),
                        Bytes.of("limits.connection-window", connectionWindow))
                .withMaxWindow(Bytes.of("limits.max-window", maxWindow))
                .withWriteBufferHighWater(Bytes.of("limits.write-buffer-high-water", writeBufferHighWater))
                .withMaxQueuedControlFrames(maxQueuedControlFrames)
                .withMaxIdleFrames(maxIdleFrames)
                .withHandshakeTimeout(handshakeTimeout)
                .withMaxBufferedBytes(Bytes.of("limits.max-buffered-bytes", maxBufferedBytes))
                .withMaxCompressionRatio(maxCompressionRatio);
    }
}
