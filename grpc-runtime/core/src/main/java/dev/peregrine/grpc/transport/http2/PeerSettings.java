// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.handler.codec.http2.Http2Settings;

/** What the peer has told in SETTINGS (RFC 9113 §6.5.2); the initial values until then. */
final class PeerSettings {

    private int initialWindow = SendWindow.INITIAL;
    private int maxFrameSize = 16_384;
    private long maxConcurrentStreams = Long.MAX_VALUE;
    private long headerTableSize = HpackEncoder.DEFAULT_TABLE_SIZE;
    private long maxHeaderListSize = Long.MAX_VALUE;

    /** Takes over what is there; the frame reader has checked the values. Returns how much the initial window changed. */
    int apply(Http2Settings settings) {
        Integer frameSize = settings.maxFrameSize();
        if (frameSize != null) {
            maxFrameSize = frameSize;
        }
        Long streams = settings.maxConcurrentStreams();
        if (streams != null) {
            maxConcurrentStreams = streams;
        }
        Long tableSize = settings.headerTableSize();
        if (tableSize != null) {
            headerTableSize = tableSize;
        }
        Long headerListSize = settings.maxHeaderListSize();
        if (headerListSize != null) {
            maxHeaderListSize = headerListSize;
        }
        Integer window = settings.initialWindowSize();
        if (window == null) {
            return 0;
        }
        int change = window - initialWindow;
        initialWindow = window;
        return change;
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

    long headerTableSize() {
        return headerTableSize;
    }

    /** How large a header block the peer takes, in bytes as SETTINGS_MAX_HEADER_LIST_SIZE counts them. */
    long maxHeaderListSize() {
        return maxHeaderListSize;
    }
}
