// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bounds on what a peer may ask of the runtime that can be set, in one place; {@code docs/limits.md} lists the fixed
 * ones and what has none. All are finite; change one with its {@code with} method, which refuses what makes no sense with
 * an {@link IllegalArgumentException}. A client has no use for {@link #maxConcurrentCalls} and {@link #maxResetsPerWindow}, a
 * server none for {@link #maxWaitingCalls}; they may set them nevertheless.
 *
 * <p>Immutable.
 */
public final class Limits {

    /** Every limit as its own accessor tells. */
    public static final Limits DEFAULT = new Limits(new Values());

    /** The smallest window HTTP/2 connections start with (RFC 9113 §6.9.2). */
    private static final int INITIAL_WINDOW = 65_535;

    private final Values values;

    private Limits(Values values) {
        this.values = values;
    }

    /**
     * The largest message accepted, in bytes (default 4 MiB); a larger one ends the call with RESOURCE_EXHAUSTED as soon as
     * its length prefix is seen.
     */
    public int maxMessageSize() {
        return values.maxMessageSize;
    }

    /** These limits with another {@link #maxMessageSize}. */
    public Limits withMaxMessageSize(int bytes) {
        return with(changed -> changed.maxMessageSize = atLeast(0, " bytes", "maxMessageSize", bytes));
    }

    /**
     * The largest header block accepted, counted as RFC 9113 §6.5.2 does (default 8 KiB); a larger one is answered with HTTP
     * status 431, or on a client ends the call with RESOURCE_EXHAUSTED; one of more than four times the limit as it travels,
     * compressed, costs the connection.
     */
    public int maxMetadataSize() {
        return values.maxMetadataSize;
    }

    /** These limits with another {@link #maxMetadataSize}. */
    public Limits withMaxMetadataSize(int bytes) {
        return with(changed -> changed.maxMetadataSize = atLeast(512, " bytes", "maxMetadataSize", bytes));
    }

    /**
     * On a server, the calls a client may have open on one connection (default 1000, RFC 9113 §5.1.2); one more is refused with
     * REFUSED_STREAM, which clients may retry.
     */
    public int maxConcurrentCalls() {
        return values.maxConcurrentCalls;
    }

    /** These limits with another {@link #maxConcurrentCalls}. */
    public Limits withMaxConcurrentCalls(int calls) {
        return with(changed -> changed.maxConcurrentCalls = atLeast(1, "", "maxConcurrentCalls", calls));
    }

    /** The bytes a peer may send on one call ahead of the application (default 1 MiB, RFC 9113 §6.9). */
    public int streamWindow() {
        return values.streamWindow;
    }

    /**
     * The bytes a peer may send on one connection before it hears that they arrived (default 4 MiB); it is held back when
     * sixteen times as much lies unread.
     */
    public int connectionWindow() {
        return values.connectionWindow;
    }

    /** These limits with another {@link #streamWindow} and {@link #connectionWindow}. */
    public Limits withWindows(int streamBytes, int connectionBytes) {
        return with(changed -> {
            changed.streamWindow = atLeast(1024, " bytes", "streamWindow", streamBytes);
            changed.connectionWindow = atLeast(INITIAL_WINDOW, " bytes", "connectionWindow", connectionBytes);
        });
    }

    /**
     * The unsent bytes of a call above which it is not ready for more (default 64 KiB). On a client, also what a stream of
     * requests keeps until the server answers, in case it has to be sent again.
     */
    public int writeBufferHighWater() {
        return values.writeBufferHighWater;
    }

    /** These limits with another {@link #writeBufferHighWater}. */
    public Limits withWriteBufferHighWater(int bytes) {
        return with(changed -> changed.writeBufferHighWater = atLeast(1, " byte", "writeBufferHighWater", bytes));
    }

    /**
     * On a server, how many more streams a client may reset, or make us reset, than it lets us answer, in 30 seconds (default
     * 200; CVE-2023-44487, CVE-2025-8671); more costs the connection ENHANCE_YOUR_CALM.
     */
    public int maxResetsPerWindow() {
        return values.maxResetsPerWindow;
    }

    /** These limits with another {@link #maxResetsPerWindow}. */
    public Limits withMaxResetsPerWindow(int resets) {
        return with(changed -> changed.maxResetsPerWindow = atLeast(1, "", "maxResetsPerWindow", resets));
    }

    /**
     * The answers to SETTINGS and PING that may wait for a peer that does not read (default 1000; CVE-2019-9512), and on a
     * server how many more calls than {@link #maxConcurrentCalls} such a peer may open; more costs the connection
     * ENHANCE_YOUR_CALM.
     */
    public int maxQueuedControlFrames() {
        return values.maxQueuedControlFrames;
    }

    /** These limits with another {@link #maxQueuedControlFrames}. */
    public Limits withMaxQueuedControlFrames(int frames) {
        return with(changed -> changed.maxQueuedControlFrames = atLeast(1, "", "maxQueuedControlFrames", frames));
    }

    /** How long a connection may take to say its first words, TLS included (default 20 s). */
    public Duration handshakeTimeout() {
        return values.handshakeTimeout;
    }

    /** These limits with another {@link #handshakeTimeout}. */
    public Limits withHandshakeTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("handshakeTimeout: " + timeout + " (expected: > 0)");
        }
        return with(changed -> changed.handshakeTimeout = timeout);
    }

    /**
     * The bytes that may lie with us for one connection, in each direction (default 128 MiB).
     *
     * <p>Inbound: of messages that are incomplete, that nobody has asked for, or that are the one request of a call whose
     * client has not half-closed. From half of it on the whole connection is held back for the latter, and no window is larger
     * than half of it, whatever the limits of windows say; the call that goes beyond all of it ends with RESOURCE_EXHAUSTED.
     *
     * <p>Outbound, on a server: of answers a client does not fetch. From half of it on its new calls are refused with
     * REFUSED_STREAM; the call whose answer would go beyond all of it ends with RESOURCE_EXHAUSTED, unless nothing else waits.
     *
     * <p>The default lets 32 of the largest messages arrive at once, or 1000 of 128 KiB; who makes larger calls than that by
     * the hundred, on one connection, raises it.
     */
    public int maxBufferedBytes() {
        return values.maxBufferedBytes;
    }

    /** These limits with another {@link #maxBufferedBytes}. */
    public Limits withMaxBufferedBytes(int bytes) {
        return with(changed -> changed.maxBufferedBytes = atLeast(1 << 16, " bytes", "maxBufferedBytes", bytes));
    }

    /**
     * How far {@link #streamWindow}, and with it {@link #connectionWindow}, may grow by itself where the line carries more
     * within a round trip (default 8 MiB); zero, or anything not above {@code streamWindow}, keeps the windows as they are.
     */
    public int maxWindow() {
        return values.maxWindow;
    }

    /** These limits with another {@link #maxWindow}. */
    public Limits withMaxWindow(int bytes) {
        return with(changed -> changed.maxWindow = atLeast(0, " bytes", "maxWindow", bytes));
    }

    /**
     * The frames that move no data, empty DATA among them, a peer may send in 30 seconds, beyond sixteen for each frame that
     * does (default 10,000; CVE-2019-9511 and its kin); SETTINGS that change the windows of many streams count as several.
     * More cost the connection ENHANCE_YOUR_CALM.
     */
    public int maxIdleFrames() {
        return values.maxIdleFrames;
    }

    /** These limits with another {@link #maxIdleFrames}. */
    public Limits withMaxIdleFrames(int frames) {
        return with(changed -> changed.maxIdleFrames = atLeast(100, "", "maxIdleFrames", frames));
    }

    /**
     * On a client, the calls that may wait for a connection, for one of the server's concurrent calls, or for a server that
     * does not read (default 50,000, which is some hundred megabytes with small requests); one more ends with
     * RESOURCE_EXHAUSTED.
     */
    public int maxWaitingCalls() {
        return values.maxWaitingCalls;
    }

    /** These limits with another {@link #maxWaitingCalls}. */
    public Limits withMaxWaitingCalls(int calls) {
        return with(changed -> changed.maxWaitingCalls = atLeast(1, "", "maxWaitingCalls", calls));
    }

    /**
     * On a server, the connections open at once (default 10,000: gRPC clients open one each, and as many idle ones cost well
     * under 1 GiB); one more is closed as soon as it is accepted.
     */
    public int maxConnections() {
        return values.maxConnections;
    }

    /** These limits with another {@link #maxConnections}. */
    public Limits withMaxConnections(int connections) {
        return with(changed -> changed.maxConnections = atLeast(1, "", "maxConnections", connections));
    }

    /**
     * The same for one peer's address, or in IPv6 its network of 64 bits (default 1000: a tenth of all, and more than the pods
     * behind one node's address); where the PROXY protocol is on, the address that it tells. Unix sockets have none.
     */
    public int maxConnectionsPerAddress() {
        return values.maxConnectionsPerAddress;
    }

    /** These limits with another {@link #maxConnectionsPerAddress}. */
    public Limits withMaxConnectionsPerAddress(int connections) {
        return with(
                changed -> changed.maxConnectionsPerAddress = atLeast(1, "", "maxConnectionsPerAddress", connections));
    }

    /**
     * How many bytes the compressed messages of a call may unpack to for each that came (default 200: text and tables seldom
     * pass 50, while deflate can do 1032), once they have unpacked to more than {@link #maxMessageSize}, which bounds each of
     * them; more ends the call with RESOURCE_EXHAUSTED.
     */
    public int maxCompressionRatio() {
        return values.maxCompressionRatio;
    }

    /** These limits with another {@link #maxCompressionRatio}. */
    public Limits withMaxCompressionRatio(int ratio) {
        return with(changed -> changed.maxCompressionRatio = atLeast(1, "", "maxCompressionRatio", ratio));
    }

    private Limits with(Consumer<Values> change) {
        return new Limits(values.with(change));
    }

    private static int atLeast(int least, String unit, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + unit + ")");
        }
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Limits limits && values.byName().equals(limits.values.byName());
    }

    @Override
    public int hashCode() {
        return values.byName().hashCode();
    }

    /** Every limit with its name. */
    @Override
    public String toString() {
        return "Limits" + values.byName();
    }

    private static final class Values extends Settings<Values> {

        int maxMessageSize = 4 << 20;
        int maxMetadataSize = 8 << 10;
        int maxConcurrentCalls = 1000;
        int streamWindow = 1 << 20;
        int connectionWindow = 4 << 20;
        int writeBufferHighWater = 64 << 10;
        int maxResetsPerWindow = 200;
        int maxQueuedControlFrames = 1000;
        Duration handshakeTimeout = Duration.ofSeconds(20);
        int maxBufferedBytes = 128 << 20;
        int maxWindow = 8 << 20;
        int maxIdleFrames = 10_000;
        int maxWaitingCalls = 50_000;
        int maxConnections = 10_000;
        int maxConnectionsPerAddress = 1000;
        int maxCompressionRatio = 200;

        Map<String, Object> byName() {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("maxMessageSize", maxMessageSize);
            all.put("maxMetadataSize", maxMetadataSize);
            all.put("maxConcurrentCalls", maxConcurrentCalls);
            all.put("streamWindow", streamWindow);
            all.put("connectionWindow", connectionWindow);
            all.put("writeBufferHighWater", writeBufferHighWater);
            all.put("maxResetsPerWindow", maxResetsPerWindow);
            all.put("maxQueuedControlFrames", maxQueuedControlFrames);
            all.put("handshakeTimeout", handshakeTimeout);
            all.put("maxBufferedBytes", maxBufferedBytes);
            all.put("maxWindow", maxWindow);
            all.put("maxIdleFrames", maxIdleFrames);
            all.put("maxWaitingCalls", maxWaitingCalls);
            all.put("maxConnections", maxConnections);
            all.put("maxConnectionsPerAddress", maxConnectionsPerAddress);
            all.put("maxCompressionRatio", maxCompressionRatio);
            return all;
        }
    }
}
