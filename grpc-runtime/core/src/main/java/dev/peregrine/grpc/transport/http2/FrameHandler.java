// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.wire.ErrorCode;
import dev.peregrine.grpc.wire.Excerpt;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.nio.charset.StandardCharsets;

/**
 * What each frame means (RFC 9113 §6), one method each. The reader has checked what a frame says about itself; here it is
 * checked against the state of the connection.
 */
final class FrameHandler implements Frames {

    /** A stream costs about a tenth of what a frame does when SETTINGS change its window. */
    private static final int STREAMS_FOR_A_FRAME = 10;

    private final Connection connection;
    private final Role role;
    private final EmptyDataGuard emptyData = new EmptyDataGuard();
    private final ConnectionWindows windows;

    /** What the windows of open streams were made with. */
    private int initialWindow = SendWindow.INITIAL;

    private final FrameBudget budget;
    private boolean settingsSeen;

    FrameHandler(Connection connection, Role role, ConnectionWindows windows) {
        this.connection = connection;
        this.role = role;
        this.windows = windows;
        this.budget = new FrameBudget(
                connection.limits().maxIdleFrames(),
                connection.clock()::nanos,
                () -> connection.output().callFrames());
    }

    @Override
    public void data(int streamId, ByteBuf data, int padding, boolean endStream) {
        int flowControlled = data.readableBytes() + padding;
        if (!windows.use(flowControlled)) {
            throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "the peer sent more than the connection's window");
        }
        windows.arrived(flowControlled);
        Http2Stream stream = connection.stream(streamId);
        if (!data.isReadable()) {
            budget.spend(1);
        } else if (stream != null) { // What is dropped moves nothing, and costs its sender as much as us.
            budget.earn();
        }
        emptyData.data(data.readableBytes() == 0 && !endStream);
        if (stream != null) {
            stream.receive(data, flowControlled, endStream);
        } else {
            connection.giveBack(flowControlled);
            onClosedStream(streamId, "DATA");
        }
    }

    @Override
    public void headers(int streamId, HeaderSink headers, boolean endStream) {
        nothingMoves();
        connection.requireMeasure();
        role.headers(streamId, headers, endStream);
    }

    @Override
    public void headersTooLarge(int streamId, boolean endStream) {
        nothingMoves();
        role.headersTooLarge(streamId, endStream);
    }

    @Override
    public void rstStream(int streamId, long errorCode) {
        nothingMoves();
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            stream.resetByPeer(errorCode);
        } else if (!role.wasUsed(streamId)) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "RST_STREAM came for idle stream " + streamId);
        }
        // Else the stream ended while the reset was under way.
    }

    /** RFC 9113 §6.5.3: settings count in the order they stand; what the compression makes of each must not be lost. */
    @Override
    public void setting(int identifier, long value) {
        connection.peer().set(identifier, value);
        if (identifier == Http2CodecUtil.SETTINGS_HEADER_TABLE_SIZE) {
            connection.hpack().maxTableSize(value);
        }
    }

    @Override
    public void settingsEnd() {
        nothingMoves();
        connection.greeting().say(); // Our SETTINGS stand before the acknowledgement of theirs.
        int change = connection.peer().initialWindow() - initialWindow;
        if (change != 0) {
            initialWindow += change;
            budget.spend(connection.openStreams() / STREAMS_FOR_A_FRAME);
            for (Http2Stream stream : connection.streamsSnapshot()) {
                if (!stream.growSendWindow(change)) {
                    throw new ConnectionError(
                            ErrorCode.FLOW_CONTROL_ERROR, "SETTINGS_INITIAL_WINDOW_SIZE overflows a stream's window");
                }
            }
        }
        connection.unreadGuard().answer(connection.output().isWritable());
        connection.output().settingsAck();
        if (settingsSeen) {
            role.settingsChanged();
        } else {
            settingsSeen = true;
            connection.greeting().answered();
        }
    }

    @Override
    public void settingsAck() {
        nothingMoves();
        connection.settingsAcknowledged();
    }

    @Override
    public void ping(long payload) {
        nothingMoves();
        connection.unreadGuard().answer(connection.output().isWritable());
        role.ping();
        connection.output().ping(true, payload);
    }

    @Override
    public void pingAck(long payload) {
        nothingMoves();
        connection.pingAck(payload);
    }

    @Override
    public void goAway(int lastStreamId, long errorCode, ByteBuf debugData) {
        nothingMoves();
        role.goAway(lastStreamId, errorCode, Excerpt.of(debugData.toString(StandardCharsets.UTF_8)));
    }

    @Override
    public void windowUpdate(int streamId, int increment) {
        nothingMoves();
        if (streamId == 0) {
            if (!connection.sendWindow().grow(increment)) {
                throw new ConnectionError(
                        ErrorCode.FLOW_CONTROL_ERROR, "WINDOW_UPDATE overflows the connection's window");
            }
            return; // The batch ends with what the window now lets through.
        }
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            if (!stream.growSendWindow(increment)) {
                connection.resetStream(
                        stream, ErrorCode.FLOW_CONTROL_ERROR, "WINDOW_UPDATE overflows the stream's window");
            }
        } else if (!role.wasUsed(streamId)) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE came for idle stream " + streamId);
        }
        // Else the stream ended while the update was under way (RFC 9113 §6.9).
    }

    @Override
    public void pushPromise() {
        throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "PUSH_PROMISE came, but push is not enabled");
    }

    @Override
    public void ignored() {
        nothingMoves();
    }

    /** The peer broke the rules of one stream: an idle one cannot be reset, so there it costs the connection. */
    @Override
    public void streamError(int streamId, long errorCode, String why) {
        nothingMoves();
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            connection.resetStream(stream, errorCode, why);
        } else if (!role.wasUsed(streamId)) {
            throw new ConnectionError(errorCode, why);
        } else if (!connection.wasReset(streamId)) {
            connection.resetStream(streamId, errorCode);
        }
    }

    /** A frame of the kind that carries no payload of a call. */
    private void nothingMoves() {
        budget.spend(1);
    }

    /** A frame came for a stream that is not open: a lawful race if we reset it, else an error. */
    private void onClosedStream(int streamId, String frame) {
        if (!role.wasUsed(streamId)) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, frame + " came for idle stream " + streamId);
        }
        if (!connection.wasReset(streamId)) {
            connection.resetStream(streamId, ErrorCode.STREAM_CLOSED);
        }
    }
}
