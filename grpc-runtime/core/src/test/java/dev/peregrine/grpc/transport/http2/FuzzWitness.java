// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.fuzz.FrameBytes;
import dev.peregrine.grpc.transport.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads along what both ends say, and holds our end to the law whatever the other one did: what may be sent on which
 * stream when (RFC 9113 §5.1), that blocks are accepted (§6.5.2) and SETTINGS acknowledged (§6.5.3). What {@link
 * WindowWitness} and {@link PingWitness} have to say of it, it calls them for.
 *
 * <p>The peer's words are counted before we hear them, and all of them, also behind an error: so the bounds are never
 * tighter than the law. Its SETTINGS count from our acknowledgement on.
 */
final class FuzzWitness {

    /** What was said on one stream, by both. */
    static final class Line {
        final ByteArrayOutputStream peerBody = new ByteArrayOutputStream();
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean peerSpoke;
        boolean peerEnded;
        boolean peerReset;
        long peerData;
        long peerGrant;
        long sent;
        long granted;
        int blocks;
        String grpcStatus;
        String httpStatus;
        boolean ended;
        boolean reset;
        long resetCode = -1;
    }

    private record Setting(int identifier, long value) {}

    private static final int FIELD_OVERHEAD = 32;

    /** An answer to what is no call comes as it is, and is small. */
    private static final int LARGEST_REFUSAL = 1000;

    private static final ChannelHandlerContext CONTEXT = context();

    private final boolean server;
    private final Map<Integer, Line> lines = new TreeMap<>();
    private final FrameInput peerInput;
    private final DefaultHttp2FrameReader ours;
    private ByteBuf unread = Unpooled.buffer();
    private boolean peerBroke;
    private boolean peerGreeted;
    private boolean prefaceSeen;
    private boolean frames;
    private boolean otherProtocol;

    private long maxFrame = 16_384;
    private long maxHeaderList = Long.MAX_VALUE;

    /** SETTINGS of the peer that we have not acknowledged: what they say counts from then on. */
    private final Deque<List<Setting>> announced = new ArrayDeque<>();

    private final WindowWitness windows;
    private final PingWitness pings = new PingWitness();
    private int settingsToBeAcknowledged;
    private int peerHighest;
    private int highest;
    private final List<Long> goAways = new ArrayList<>();
    private String lastWords = "";

    FuzzWitness(boolean server, Limits limits) {
        this.server = server;
        this.windows = new WindowWitness(limits);
        this.peerInput = new FrameInput(
                new FrameReader(HeaderDecoder.create(server, limits.maxMetadataSize()), new PeerWords()),
                new Preface(server));
        this.ours = new DefaultHttp2FrameReader(new DefaultHttp2HeadersDecoder(false, 1 << 24));
        try {
            ours.configuration().frameSizePolicy().maxFrameSize((1 << 24) - 1);
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void close() {
        peerInput.close();
        ours.close();
        unread.release();
    }

    /** Readers want one for its memory, which nobody needs to watch here. */
    private static ChannelHandlerContext context() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        channel.config().setAllocator(new UnpooledByteBufAllocator(false, true));
        return channel.pipeline().firstContext();
    }

    // ---- questions ----

    Line line(int streamId) {
        return lines.computeIfAbsent(streamId, id -> new Line());
    }

    Map<Integer, Line> lines() {
        return lines;
    }

    List<Long> goAways() {
        return goAways;
    }

    /** The text of the last GOAWAY. */
    String lastWords() {
        return lastWords;
    }

    boolean answeredInHttp1() {
        return otherProtocol;
    }

    WindowWitness windows() {
        return windows;
    }

    PingWitness pings() {
        return pings;
    }

    /** PINGs and SETTINGS of ours that the peer has not answered yet, as answers. */
    List<byte[]> answersDue() {
        List<byte[]> answers = new ArrayList<>();
        if (!peerGreeted) { // Its own SETTINGS come first.
            return answers;
        }
        for (int i = 0; i < settingsToBeAcknowledged; i++) {
            answers.add(FrameBytes.settingsAck());
        }
        answers.addAll(pings.answersDue());
        return answers;
    }

    /** Whether the peer has said how large header lists may be. */
    boolean isChoosy() {
        return maxHeaderList != Long.MAX_VALUE;
    }

    // ---- what the peer says ----

    void peerSays(byte[] bytes) {
        if (peerBroke) {
            return;
        }
        try {
            peerInput.read(CONTEXT.alloc(), Unpooled.copiedBuffer(bytes));
        } catch (ConnectionError | Preface.NotHttp2 error) {
            peerBroke = true;
        }
    }

    private void opened(int id) {
        peerHighest = Math.max(peerHighest, id);
        line(id).peerSpoke = true;
    }

    /** Counts what the peer says; {@link FrameReader} has seen to it that these are frames at all. */
    private final class PeerWords implements Frames {

        private List<Setting> settings = new ArrayList<>();

        @Override
        public void data(int id, ByteBuf data, int padding, boolean end) {
            Line line = line(id);
            line.peerEnded |= end;
            windows.peerSends(line, data.readableBytes() + padding);
            write(data, line.peerBody);
        }

        @Override
        public void headers(int id, HeaderSink headers, boolean end) {
            opened(id);
            line(id).peerEnded |= end;
        }

        @Override
        public void headersTooLarge(int id, boolean end) {
            opened(id);
            line(id).peerEnded |= end;
        }

        @Override
        public void rstStream(int id, long code) {
            line(id).peerReset = true;
        }

        @Override
        public void setting(int identifier, long value) {
            settings.add(new Setting(identifier, value));
        }

        @Override
        public void settingsEnd() {
            peerGreeted = true;
            announced.add(settings);
            settings = new ArrayList<>();
        }

        @Override
        public void settingsAck() {
            settingsToBeAcknowledged--;
        }

        @Override
        public void ping(long payload) {
            pings.peerAsks(payload);
        }

        @Override
        public void pingAck(long payload) {
            pings.peerAnswers(payload);
        }

        @Override
        public void windowUpdate(int id, int increment) {
            if (id == 0) {
                windows.peerGrants(increment);
            } else {
                line(id).peerGrant += increment;
            }
        }

        @Override
        public void pushPromise() {}

        @Override
        public void goAway(int lastStreamId, long errorCode, ByteBuf debugData) {}

        @Override
        public void ignored() {}

        @Override
        public void streamError(int id, long errorCode, String why) {
            opened(id);
        }
    }

    // ---- what we say ----

    void weSay(ByteBuf bytes) {
        if (otherProtocol) {
            return;
        }
        unread.writeBytes(bytes);
        if (!server && !prefaceSeen) {
            if (unread.readableBytes() < Preface.CLIENT.length) {
                return;
            }
            byte[] preface = new byte[Preface.CLIENT.length];
            unread.readBytes(preface);
            require(java.util.Arrays.equals(preface, Preface.CLIENT), "our first bytes are no preface", 0);
            prefaceSeen = true;
        }
        if (server && !frames && unread.readableBytes() >= 5) {
            otherProtocol = unread.toString(unread.readerIndex(), 5, StandardCharsets.US_ASCII)
                    .equals("HTTP/");
            if (otherProtocol) {
                return;
            }
        }
        while (unread.readableBytes() >= FrameOutput.FRAME_HEADER) {
            int start = unread.readerIndex();
            int length = unread.getUnsignedMedium(start);
            require(length <= maxFrame, "a frame of " + length + " bytes, the peer takes " + maxFrame, 0);
            require(frames || unread.getByte(start + 3) == 4, "our first frame is not SETTINGS", 0);
            frames = true;
            if (unread.readableBytes() < FrameOutput.FRAME_HEADER + length) {
                break;
            }
            try {
                ours.readFrame(CONTEXT, unread.readSlice(FrameOutput.FRAME_HEADER + length), ourWords);
            } catch (Http2Exception lawless) {
                throw new AssertionError("we sent what cannot be read: " + lawless.getMessage(), lawless);
            }
        }
        unread.discardReadBytes();
    }

    private final Http2FrameListener ourWords = new Http2FrameListener() {
        @Override
        public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
            Line line = speaking(id, "DATA");
            require(line.blocks > 0, "DATA before HEADERS", id);
            int length = data.readableBytes();
            windows.weSend(id, line, length);
            write(data, line.body);
            line.ended |= end;
            return 0;
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
            Line line = speaking(id, "HEADERS");
            require((id & 1) == 1, "HEADERS on an even stream", id);
            if (server) {
                require(line.peerSpoke, "an answer to a request that never came", id);
                require(line.blocks == 0 == (headers.status() != null), ":status in the wrong block: " + headers, id);
                require(!end || headers.contains("grpc-status"), "an end without grpc-status: " + headers, id);
                line.httpStatus = line.blocks == 0 ? headers.status().toString() : line.httpStatus;
                line.grpcStatus = end ? headers.get("grpc-status").toString() : null;
            } else {
                require(id > highest, "streams are not opened in order", id);
                require(headers.path() != null && headers.method() != null, "a request without a path", id);
            }
            requireAccepted(id, headers);
            require(++line.blocks <= (server ? 2 : 1), "one header block too many", id);
            require(line.blocks == 1 || end, "trailers without END_STREAM", id);
            highest = Math.max(highest, id);
            line.ended |= end;
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end) {
            onHeadersRead(ctx, id, headers, padding, end);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
            Line line = line(id);
            requireNotGone(id, "RST_STREAM");
            require(!line.reset, "RST_STREAM twice", id);
            require(server ? id <= peerHighest || line.peerSpoke : line.blocks > 0, "RST_STREAM on an idle stream", id);
            line.reset = true;
            line.resetCode = code;
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
            requireNotGone(0, "SETTINGS");
            settingsToBeAcknowledged++;
            Integer window = settings.initialWindowSize();
            require(window != null, "SETTINGS without a window: " + settings, 0);
            windows.weSet(window);
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext ctx) {
            requireNotGone(0, "SETTINGS ack");
            List<Setting> settings = announced.poll();
            if (settings == null) {
                throw new AssertionError("we acknowledged more SETTINGS than came");
            }
            settings.forEach(FuzzWitness.this::obey);
        }

        @Override
        public void onPingRead(ChannelHandlerContext ctx, long data) {
            requireNotGone(0, "PING");
            pings.weAsk(data, server, windows.mayGrow());
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) {
            requireNotGone(0, "PING ack");
            pings.weAnswer(data);
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long code, ByteBuf debug) {
            requireNotGone(0, "GOAWAY");
            goAways.add(code);
            lastWords = debug.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment) {
            requireNotGone(id, "WINDOW_UPDATE");
            require(increment > 0, "WINDOW_UPDATE of nothing", id);
            if (id == 0) {
                windows.weGrant(increment);
            } else {
                Line line = line(id);
                require(!line.reset, "WINDOW_UPDATE after RST_STREAM", id);
                windows.weGrant(id, line, increment);
            }
        }

        @Override
        public void onPriorityRead(ChannelHandlerContext ctx, int id, int on, short weight, boolean exclusive) {
            require(false, "PRIORITY", id);
        }

        @Override
        public void onPushPromiseRead(ChannelHandlerContext ctx, int id, int promised, Http2Headers headers, int pad) {
            require(false, "PUSH_PROMISE", id);
        }

        @Override
        public void onUnknownFrame(ChannelHandlerContext ctx, byte type, int id, Http2Flags flags, ByteBuf payload) {
            require(false, "a frame of type " + type, id);
        }
    };

    private void obey(Setting setting) {
        switch (setting.identifier()) {
            case Http2CodecUtil.SETTINGS_MAX_FRAME_SIZE -> maxFrame = setting.value();
            case Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE -> windows.peerSets(setting.value());
            case Http2CodecUtil.SETTINGS_MAX_HEADER_LIST_SIZE -> maxHeaderList = setting.value();
            case Http2CodecUtil.SETTINGS_HEADER_TABLE_SIZE -> {
                try {
                    ours.configuration().headersConfiguration().maxHeaderTableSize(setting.value());
                } catch (Http2Exception impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
            default -> {}
        }
    }

    /**
     * No block is larger than the peer accepts (§6.5.2), but for one that has nothing to leave out: neither metadata nor
     * the text of a status.
     */
    private void requireAccepted(int id, Http2Headers headers) {
        long size = 0;
        boolean bare = true;
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            size += field.getKey().length() + field.getValue().length() + FIELD_OVERHEAD;
            String name = field.getKey().toString();
            bare &= !name.startsWith("x-") && !name.equals("grpc-message");
        }
        boolean refusal =
                headers.status() != null && !headers.status().toString().equals("200");
        require(
                bare || size <= (refusal ? Math.max(maxHeaderList, LARGEST_REFUSAL) : maxHeaderList),
                "a header list of " + size + " bytes, the peer accepts " + maxHeaderList + ": " + headers,
                id);
    }

    /** The stream, on which we may still say something. */
    private Line speaking(int id, String what) {
        Line line = line(id);
        requireNotGone(id, what);
        require(!line.reset, what + " after RST_STREAM", id);
        require(!line.ended, what + " after END_STREAM", id);
        return line;
    }

    /** Behind a GOAWAY with an error there is nothing left to say. */
    private void requireNotGone(int id, String what) {
        require(goAways.stream().allMatch(code -> code == 0), what + " after GOAWAY with " + goAways, id);
    }

    private static void write(ByteBuf data, ByteArrayOutputStream to) {
        byte[] bytes = new byte[data.readableBytes()];
        data.getBytes(data.readerIndex(), bytes);
        to.writeBytes(bytes);
    }

    static void require(boolean lawful, String unless, int streamId) {
        if (!lawful) {
            throw new AssertionError("we broke the law on stream " + streamId + ": " + unless);
        }
    }
}
