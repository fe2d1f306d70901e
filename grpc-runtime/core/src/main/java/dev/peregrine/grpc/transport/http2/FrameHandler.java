// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.charset.StandardCharsets;

/**
 * What each frame means (RFC 9113 §6), one method each. The reader has checked what a frame says about itself; here it is
 * checked against the state of the connection.
 */
final class FrameHandler implements Http2FrameListener {

    /** A stream costs about a tenth of what a frame does when SETTINGS change its window. */
    private static final int STREAMS_FOR_A_FRAME = 10;

    private final Connection connection;
    private final Role role;
    private final FloodGuard guard;
    private final SharedReceiveWindow receiveWindow;
    private final FrameBudget budget;
    private boolean settingsSeen;

    FrameHandler(Connection connection, Role role, FloodGuard guard, SharedReceiveWindow receiveWindow) {
        this.connection = connection;
        this.role = role;
        this.guard = guard;
        this.receiveWindow = receiveWindow;
        this.budget = new FrameBudget(
                connection.limits().maxIdleFrames(),
                connection.clock()::nanos,
                () -> connection.output().callFrames());
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endStream) {
        requireSettings();
        int flowControlled = data.readableBytes() + padding;
        if (!receiveWindow.use(flowControlled)) {
            throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "the peer sent more than the connection's window");
        }
        connection.arrived(flowControlled);
        if (data.isReadable()) {
            budget.earn();
        } else {
            budget.spend(1);
        }
        guard.data(data.readableBytes() == 0 && !endStream);
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            stream.receive(data, flowControlled, endStream);
        } else {
            connection.giveBack(flowControlled);
            onClosedStream(streamId, "DATA");
        }
        return 0;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endStream) {
        nothingMoves();
        role.headers(streamId, (HeaderSink) headers, endStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endStream) {
        onHeadersRead(ctx, streamId, headers, padding, endStream);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
        nothingMoves();
        Http2Stream stream = connection.stream(streamId);
        if (stream != null) {
            stream.resetByPeer(errorCode);
        } else if (!role.wasUsed(streamId)) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "RST_STREAM came for idle stream " + streamId);
        }
        // Else the stream ended while the reset was under way.
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        budget.spend(1);
        connection.greeting().say(); // Our SETTINGS stand before the acknowledgement of theirs.
        int change = connection.peer().apply(settings);
        if (change != 0) {
            budget.spend(connection.openStreams() / STREAMS_FOR_A_FRAME);
            for (Http2Stream stream : connection.streamsSnapshot()) {
                if (!stream.growSendWindow(change)) {
                    throw new ConnectionError(
                            ErrorCode.FLOW_CONTROL_ERROR, "SETTINGS_INITIAL_WINDOW_SIZE overflows a stream's window");
                }
            }
        }
        connection.hpack().maxTableSize(connection.peer().headerTableSize());
        guard.answer(connection.output().isWritable());
        connection.output().settingsAck();
        if (settingsSeen) {
            role.settingsChanged();
        } else {
            settingsSeen = true;
            connection.greeting().answered();
        }
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) {
        nothingMoves();
        connection.settingsAcknowledged();
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) {
        nothingMoves();
        guard.answer(connection.output().isWritable());
        role.ping();
        connection.output().ping(true, data);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        nothingMoves();
        connection.pingAck(data);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
        nothingMoves();
        String debug = debugData.toString(StandardCharsets.UTF_8);
        role.goAway(lastStreamId, errorCode, debug);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment) {
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
    public void onPushPromiseRead(
            ChannelHandlerContext ctx, int streamId, int promisedStreamId, Http2Headers headers, int padding) {
        throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "PUSH_PROMISE came, but push is not enabled");
    }

    /** RFC 9113 §5.3.2: priorities are a thing of the past. */
    @Override
    public void onPriorityRead(
            ChannelHandlerContext ctx, int streamId, int streamDependency, short weight, boolean exclusive) {
        nothingMoves();
    }

    /** RFC 9113 §5.5: unknown frames are ignored. */
    @Override
    public void onUnknownFrame(
            ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags, ByteBuf payload) {
        nothingMoves();
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

    /** A frame of the kind that carries no payload of a call. */
    private void nothingMoves() {
        requireSettings();
        budget.spend(1);
    }

    /** RFC 9113 §3.4: each end's first frame is SETTINGS. */
    private void requireSettings() {
        if (!settingsSeen) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "the first frame is not SETTINGS");
        }
    }
}
