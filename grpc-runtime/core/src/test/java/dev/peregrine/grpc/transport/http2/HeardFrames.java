// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a {@link FrameReader} has read, one line for each event. */
class HeardFrames implements Frames {

    private final List<String> events = new ArrayList<>();

    List<String> events() {
        return events;
    }

    @Override
    public void data(int streamId, ByteBuf data, int padding, boolean endStream) {
        events.add("data " + streamId + " " + data.readableBytes() + "+" + padding + (endStream ? " end" : ""));
    }

    @Override
    public void headers(int streamId, HeaderSink headers, boolean endStream) {
        events.add("headers " + streamId + (endStream ? " end" : ""));
    }

    @Override
    public void headersTooLarge(int streamId, boolean endStream) {
        events.add("headers too large " + streamId + (endStream ? " end" : ""));
    }

    @Override
    public void rstStream(int streamId, long errorCode) {
        events.add("reset " + streamId + " " + errorCode);
    }

    @Override
    public void setting(int identifier, long value) {
        events.add("setting " + identifier + "=" + value);
    }

    @Override
    public void settingsEnd() {
        events.add("settings");
    }

    @Override
    public void settingsAck() {
        events.add("settings ack");
    }

    @Override
    public void pushPromise() {
        events.add("push");
    }

    @Override
    public void ping(long payload) {
        events.add("ping " + payload);
    }

    @Override
    public void pingAck(long payload) {
        events.add("ping ack " + payload);
    }

    @Override
    public void goAway(int lastStreamId, long errorCode, ByteBuf debugData) {
        events.add("goaway " + lastStreamId + " " + errorCode);
    }

    @Override
    public void windowUpdate(int streamId, int increment) {
        events.add("window " + streamId + " +" + increment);
    }

    @Override
    public void ignored() {
        events.add("ignored");
    }

    @Override
    public void streamError(int streamId, long errorCode, String why) {
        events.add("error " + streamId + " " + errorCode);
    }
}
