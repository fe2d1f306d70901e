// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * The bounds on what a peer may ask of the runtime that can be set, in one place; {@code docs/limits.md} lists the fixed
 * ones and what has none. All are finite; change one with its {@code with} method. A client has no use for
 * {@code maxConcurrentCalls} and {@code maxResetsPerWindow}, a server none for {@code maxWaitingCalls}; they may set them
 * nevertheless.
 *
 * @param maxMessageSize the largest message accepted, in bytes (default 4 MiB); a larger one ends the call with
 *     RESOURCE_EXHAUSTED as soon as its length prefix is seen
 * @param maxMetadataSize the largest header block accepted, counted as RFC 9113 §6.5.2 does (default 8 KiB); a larger
 *     one is answered with HTTP status 431, or on a client ends the call with RESOURCE_EXHAUSTED; one of more than four
 *     times the limit as it travels, compressed, costs the connection
 * @param maxConcurrentCalls on a server, the calls a client may have open on one connection (default 1000, RFC 9113 §5.1.2); one
 *     more is refused with REFUSED_STREAM, which clients may retry
 * @param streamWindow the bytes a peer may send on one call ahead of the application (default 1 MiB, RFC 9113 §6.9)
 * @param connectionWindow the bytes a peer may send on one connection before it hears that they arrived (default 4 MiB);
 *     it is held back when sixteen times as much lies unread
 * @param writeBufferHighWater the unsent bytes of a call above which it is not ready for more (default 64 KiB)
 * @param maxResetsPerWindow on a server, how many more streams a client may reset, or make us reset, than it lets us answer, in 30
 *     seconds (default 200; CVE-2023-44487, CVE-2025-8671); more costs the connection ENHANCE_YOUR_CALM
 * @param maxQueuedControlFrames the answers to SETTINGS and PING that may wait for a peer that does not read (default
 *     1000; CVE-2019-9512), and on a server how many more calls than {@code maxConcurrentCalls} such a peer may open;
 *     more costs the connection ENHANCE_YOUR_CALM
 * @param handshakeTimeout how long a connection may take to say its first words, TLS included (default 20 s)
 * @param maxBufferedBytes the bytes that may lie with us for one connection, in each direction (default 128 MiB). Inbound:
 *     of messages that are incomplete, that nobody has asked for, or that are the one request of a call whose client has
 *     not half-closed. From half of it on the whole connection is held back for the latter, and no window is larger than
 *     half of it, whatever the limits of windows say; the call that goes beyond all of it ends with RESOURCE_EXHAUSTED.
 *     Outbound, on a server: of answers a client does not fetch; from half of it on its new calls are refused with
 *     REFUSED_STREAM, and the call whose answer would go beyond all of it ends with RESOURCE_EXHAUSTED, unless nothing
 *     else waits. The default lets 32 of the largest messages arrive at once, or 1000 of 128 KiB; who makes larger calls
 *     than that by the hundred, on one connection, raises it
 * @param maxWindow how far {@code streamWindow}, and with it {@code connectionWindow}, may grow by itself where the line
 *     carries more within a round trip (default 8 MiB); zero, or anything not above {@code streamWindow}, keeps the
 *     windows as they are
 * @param maxIdleFrames the frames that move no data, empty DATA among them, a peer may send in 30 seconds, beyond sixteen for
 *     each frame that does (default 10,000; CVE-2019-9511 and its kin); SETTINGS that change the windows of many streams
 *     count as several. More cost the connection ENHANCE_YOUR_CALM
 * @param maxWaitingCalls on a client, the calls that may wait for a connection, for one of the server's concurrent calls, or
 *     for a server that does not read (default 50,000, which is some hundred megabytes with small requests); one more ends
 *     with RESOURCE_EXHAUSTED
 * @param maxConnections on a server, the connections open at once (default 10,000: gRPC clients open one each, and as
 *     many idle ones cost well under 1 GiB); one more is closed as soon as it is accepted
 * @param maxConnectionsPerAddress the same for one peer's address (default 1000: a tenth of all, and more than the pods
 *     behind one node's address), which in IPv6 is its network of 64 bits; where the PROXY protocol is on, the address that it tells. Unix sockets have none
 * @param maxCompressionRatio how many bytes the compressed messages of a call may unpack to for each that came (default
 *     200: text and tables seldom pass 50, while deflate can do 1032), once they have unpacked to more than
 *     {@code maxMessageSize}, which bounds each of them; more ends the call with RESOURCE_EXHAUSTED
 */
public record Limits(
        int maxMessageSize,
        int maxMetadataSize,
        int maxConcurrentCalls,
        int streamWindow,
        int connectionWindow,
        int writeBufferHighWater,
        int maxResetsPerWindow,
        int maxQueuedControlFrames,
        Duration handshakeTimeout,
        int maxBufferedBytes,
        int maxWindow,
        int maxIdleFrames,
        int maxWaitingCalls,
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxCompressionRatio) {

    public static final Limits DEFAULT = new Limits(
            4 << 20,
            8 << 10,
            1000,
            1 << 20,
            4 << 20,
            64 << 10,
            200,
            1000,
            Duration.ofSeconds(20),
            128 << 20,
            8 << 20,
            10_000,
            50_000,
            10_000,
            1000,
            200);

    /** The smallest window HTTP/2 connections start with (RFC 9113 §6.9.2). */
    private static final int INITIAL_WINDOW = 65_535;

    public Limits {
        require(maxMessageSize >= 0, "maxMessageSize", maxMessageSize, ">= 0 bytes");
        require(maxMetadataSize >= 512, "maxMetadataSize", maxMetadataSize, ">= 512 bytes");
        require(maxConcurrentCalls >= 1, "maxConcurrentCalls", maxConcurrentCalls, ">= 1");
        require(streamWindow >= 1024, "streamWindow", streamWindow, ">= 1024 bytes");
        require(connectionWindow >= INITIAL_WINDOW, "connectionWindow", connectionWindow, ">= 65535 bytes");
        require(writeBufferHighWater >= 1, "writeBufferHighWater", writeBufferHighWater, ">= 1 byte");
        require(maxResetsPerWindow >= 1, "maxResetsPerWindow", maxResetsPerWindow, ">= 1");
        require(maxQueuedControlFrames >= 1, "maxQueuedControlFrames", maxQueuedControlFrames, ">= 1");
        if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
            throw new IllegalArgumentException("handshakeTimeout: " + handshakeTimeout + " (expected: > 0)");
        }
        require(maxBufferedBytes >= 1 << 16, "maxBufferedBytes", maxBufferedBytes, ">= 65536 bytes");
        require(maxWindow >= 0, "maxWindow", maxWindow, ">= 0 bytes");
        require(maxIdleFrames >= 100, "maxIdleFrames", maxIdleFrames, ">= 100");
        require(maxWaitingCalls >= 1, "maxWaitingCalls", maxWaitingCalls, ">= 1");
        require(maxConnections >= 1, "maxConnections", maxConnections, ">= 1");
        require(maxConnectionsPerAddress >= 1, "maxConnectionsPerAddress", maxConnectionsPerAddress, ">= 1");
        require(maxCompressionRatio >= 1, "maxCompressionRatio", maxCompressionRatio, ">= 1");
    }

    /** These limits with another {@code maxMessageSize}. */
    public Limits withMaxMessageSize(int bytes) {
        return with(values -> values.maxMessageSize = bytes);
    }

    /** These limits with another {@code maxMetadataSize}. */
    public Limits withMaxMetadataSize(int bytes) {
        return with(values -> values.maxMetadataSize = bytes);
    }

    /** These limits with another {@code maxConcurrentCalls}. */
    public Limits withMaxConcurrentCalls(int calls) {
        return with(values -> values.maxConcurrentCalls = calls);
    }

    /** These limits with other windows: see {@code streamWindow} and {@code connectionWindow}. */
    public Limits withWindows(int streamBytes, int connectionBytes) {
        return with(values -> {
            values.streamWindow = streamBytes;
            values.connectionWindow = connectionBytes;
        });
    }

    /** These limits with another {@code writeBufferHighWater}. */
    public Limits withWriteBufferHighWater(int bytes) {
        return with(values -> values.writeBufferHighWater = bytes);
    }

    /** These limits with another {@code maxResetsPerWindow}. */
    public Limits withMaxResetsPerWindow(int resets) {
        return with(values -> values.maxResetsPerWindow = resets);
    }

    /** These limits with another {@code maxQueuedControlFrames}. */
    public Limits withMaxQueuedControlFrames(int frames) {
        return with(values -> values.maxQueuedControlFrames = frames);
    }

    /** These limits with another {@code handshakeTimeout}. */
    public Limits withHandshakeTimeout(Duration timeout) {
        return with(values -> values.handshakeTimeout = timeout);
    }

    /** These limits with another {@code maxBufferedBytes}. */
    public Limits withMaxBufferedBytes(int bytes) {
        return with(values -> values.maxBufferedBytes = bytes);
    }

    /** These limits with another {@code maxWindow}. */
    public Limits withMaxWindow(int bytes) {
        return with(values -> values.maxWindow = bytes);
    }

    /** These limits with another {@code maxIdleFrames}. */
    public Limits withMaxIdleFrames(int frames) {
        return with(values -> values.maxIdleFrames = frames);
    }

    /** These limits with another {@code maxWaitingCalls}. */
    public Limits withMaxWaitingCalls(int calls) {
        return with(values -> values.maxWaitingCalls = calls);
    }

    /** These limits with another {@code maxConnections}. */
    public Limits withMaxConnections(int connections) {
        return with(values -> values.maxConnections = connections);
    }

    /** These limits with another {@code maxConnectionsPerAddress}. */
    public Limits withMaxConnectionsPerAddress(int connections) {
        return with(values -> values.maxConnectionsPerAddress = connections);
    }

    /** These limits with another {@code maxCompressionRatio}. */
    public Limits withMaxCompressionRatio(int ratio) {
        return with(values -> values.maxCompressionRatio = ratio);
    }

    private Limits with(Consumer<Values> change) {
        Values values = new Values(this);
        change.accept(values);
        return values.toLimits();
    }

    private static void require(boolean holds, String name, int value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }

    /** The limits while one of them is changed: names every component once, so that no {@code with} method need do so. */
    private static final class Values {

        private int maxMessageSize;
        private int maxMetadataSize;
        private int maxConcurrentCalls;
        private int streamWindow;
        private int connectionWindow;
        private int writeBufferHighWater;
        private int maxResetsPerWindow;
        private int maxQueuedControlFrames;
        private Duration handshakeTimeout;
        private int maxBufferedBytes;
        private int maxWindow;
        private int maxIdleFrames;
        private int maxWaitingCalls;
        private int maxConnections;
        private int maxConnectionsPerAddress;
        private int maxCompressionRatio;

        Values(Limits from) {
            maxMessageSize = from.maxMessageSize;
            maxMetadataSize = from.maxMetadataSize;
            maxConcurrentCalls = from.maxConcurrentCalls;
            streamWindow = from.streamWindow;
            connectionWindow = from.connectionWindow;
            writeBufferHighWater = from.writeBufferHighWater;
            maxResetsPerWindow = from.maxResetsPerWindow;
            maxQueuedControlFrames = from.maxQueuedControlFrames;
            handshakeTimeout = from.handshakeTimeout;
            maxBufferedBytes = from.maxBufferedBytes;
            maxWindow = from.maxWindow;
            maxIdleFrames = from.maxIdleFrames;
            maxWaitingCalls = from.maxWaitingCalls;
            maxConnections = from.maxConnections;
            maxConnectionsPerAddress = from.maxConnectionsPerAddress;
            maxCompressionRatio = from.maxCompressionRatio;
        }

        Limits toLimits() {
            return new Limits(
                    maxMessageSize,
                    maxMetadataSize,
                    maxConcurrentCalls,
                    streamWindow,
                    connectionWindow,
                    writeBufferHighWater,
                    maxResetsPerWindow,
                    maxQueuedControlFrames,
                    handshakeTimeout,
                    maxBufferedBytes,
                    maxWindow,
                    maxIdleFrames,
                    maxWaitingCalls,
                    maxConnections,
                    maxConnectionsPerAddress,
                    maxCompressionRatio);
        }
    }
}
