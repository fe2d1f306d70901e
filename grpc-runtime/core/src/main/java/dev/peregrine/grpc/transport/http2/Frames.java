// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.buffer.ByteBuf;

/**
 * What {@link FrameReader} reads, one event for each frame of RFC 9113 §6; field blocks are one event however many frames
 * they came in. What a frame says about itself is checked by then; what it means in the state of the connection is not.
 */
interface Frames {

    /**
     * @param data borrowed for the duration of the call
     * @param padding octets that count for flow control beside the data: the padding and its length
     */
    void data(int streamId, ByteBuf data, int padding, boolean endStream);

    void headers(int streamId, HeaderSink headers, boolean endStream);

    /** A field block that is larger than we accept; it was decoded for the sake of the compression state, and dropped. */
    void headersTooLarge(int streamId, boolean endStream);

    void rstStream(int streamId, long errorCode);

    /** One of the settings of a frame, in their order; {@link #settingsEnd} follows the last. */
    void setting(int identifier, long value);

    void settingsEnd();

    void settingsAck();

    void pushPromise();

    void ping(long payload);

    void pingAck(long payload);

    /**
     * @param debugData borrowed for the duration of the call
     */
    void goAway(int lastStreamId, long errorCode, ByteBuf debugData);

    /**
     * @param streamId 0 for the connection
     * @param increment at least 1
     */
    void windowUpdate(int streamId, int increment);

    /** PRIORITY, or a frame of a type that nobody knows: read, and without consequence (RFC 9113 §5.3.2 and §5.5). */
    void ignored();

    /** A frame that breaks its stream and nothing else (RFC 9113 §5.4.2); reading goes on behind it. */
    void streamError(int streamId, long errorCode, String why);
}
