// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.wire.ErrorCode;
import io.netty.handler.codec.http2.Http2CodecUtil;

/**
 * What the peer has told in SETTINGS (RFC 9113 §6.5.2); the initial values until then. SETTINGS_HEADER_TABLE_SIZE is for
 * {@link HpackEncoder#maxTableSize}, which must hear of each change.
 */
final class PeerSettings {

    private static final long MAX_FRAME_SIZE = (1 << 24) - 1;

    private final boolean server;
    private int initialWindow = SendWindow.INITIAL;
    private int maxFrameSize = FrameReader.MAX_FRAME_SIZE;
    private long maxConcurrentStreams = Long.MAX_VALUE;
    private long maxHeaderListSize = Long.MAX_VALUE;

    /**
     * @param server whether these are a server's
     */
    PeerSettings(boolean server) {
        this.server = server;
    }

    /**
     * Takes over one setting; one that is unknown, or not kept here, is ignored.
     *
     * @param value an unsigned 32-bit number
     * @throws ConnectionError if the setting may not have this value
     */
    void set(int identifier, long value) {
        switch (identifier) {
            case Http2CodecUtil.SETTINGS_ENABLE_PUSH ->
                require(value <= (server ? 0 : 1), "ENABLE_PUSH", value, ErrorCode.PROTOCOL_ERROR);
            case Http2CodecUtil.SETTINGS_MAX_CONCURRENT_STREAMS -> maxConcurrentStreams = value;
            case Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE -> {
                require(value <= Integer.MAX_VALUE, "INITIAL_WINDOW_SIZE", value, ErrorCode.FLOW_CONTROL_ERROR);
                initialWindow = (int) value;
            }
            case Http2CodecUtil.SETTINGS_MAX_FRAME_SIZE -> {
                boolean lawful = value >= FrameReader.MAX_FRAME_SIZE && value <= MAX_FRAME_SIZE;
                require(lawful, "MAX_FRAME_SIZE", value, ErrorCode.PROTOCOL_ERROR);
                maxFrameSize = (int) value;
            }
            case Http2CodecUtil.SETTINGS_MAX_HEADER_LIST_SIZE -> maxHeaderListSize = value;
            default -> {}
        }
    }

    int initialWindow() {
        return initialWindow;
    }

    int maxFrameSize() {
        return maxFrameSize;
    }

    long maxConcurrentStreams() {
        return maxConcurrentStreams;
    }

    /** The size of the header lists that the peer is willing to receive; endless if it has not said. */
    long maxHeaderListSize() {
        return maxHeaderListSize;
    }

    private static void require(boolean lawful, String setting, long value, long errorCode) {
        if (!lawful) {
            throw new ConnectionError(errorCode, "SETTINGS_" + setting + " may not be " + value);
        }
    }
}
