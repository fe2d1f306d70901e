// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.wire.BinaryValues;
import dev.peregrine.grpc.wire.ContentType;
import dev.peregrine.grpc.wire.GrpcHeaders;
import dev.peregrine.grpc.wire.PercentEncoding;
import dev.peregrine.grpc.wire.Timeout;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Writes the three header blocks of gRPC (PROTOCOL-HTTP2.md: Request-Headers, Response-Headers, Trailers) as HEADERS
 * frames, with CONTINUATION frames behind them where one frame is not enough.
 */
final class HeaderBlocks implements Metadata.Visitor {

    /** What most blocks need; the buffer grows for the others. */
    private static final int USUAL_BLOCK = 192;

    private static final String[] CODES = codes();

    private final FrameOutput output;
    private final HpackEncoder hpack;
    private final AsciiString scheme;

    /** Where {@link #text} and {@link #binary} write; the block being written. */
    private ByteBuf block;

    /**
     * @param scheme of requests: {@code http} or {@code https} (RFC 9113 §8.3.1)
     */
    HeaderBlocks(FrameOutput output, HpackEncoder hpack, AsciiString scheme) {
        this.output = output;
        this.hpack = hpack;
        this.scheme = scheme;
        this.block = io.netty.buffer.Unpooled.EMPTY_BUFFER;
    }

    /**
     * Request-Headers → ":method POST" ":scheme" ":path" ":authority" [Timeout] TE Content-Type [Message-Encoding]
     * [Message-Accept-Encoding] User-Agent *Metadata
     */
    void request(int streamId, CallHead head, ConnectOptions options, boolean endStream, int maxFrame) {
        ByteBuf out = output.batch(FrameOutput.FRAME_HEADER + USUAL_BLOCK);
        int start = output.beginFrame(out, Http2FrameTypes.HEADERS, streamId);
        hpack.beginBlock(out);
        hpack.indexed(out, GrpcHeaders.METHOD, GrpcHeaders.POST);
        hpack.indexed(out, GrpcHeaders.SCHEME, scheme);
        hpack.indexed(out, ":path", head.path());
        hpack.indexed(out, ":authority", head.authority());
        if (head.deadline() != null) {
            hpack.literal(
                    out,
                    GrpcHeaders.GRPC_TIMEOUT,
                    Timeout.encode(head.deadline().remainingNanos()));
        }
        hpack.indexed(out, GrpcHeaders.TE, GrpcHeaders.TRAILERS);
        hpack.indexed(out, GrpcHeaders.CONTENT_TYPE, ContentType.GRPC);
        encodings(out, head.encoding(), options.acceptEncoding());
        hpack.indexed(out, "user-agent", options.userAgent());
        metadata(out, head.metadata());
        end(out, start, endStream, maxFrame);
    }

    /** Response-Headers → ":status 200" Content-Type [Message-Encoding] [Message-Accept-Encoding] *Metadata */
    void response(int streamId, @Nullable String encoding, @Nullable String accepted, Metadata metadata, int maxFrame) {
        ByteBuf out = output.batch(FrameOutput.FRAME_HEADER + USUAL_BLOCK);
        int start = output.beginFrame(out, Http2FrameTypes.HEADERS, streamId);
        hpack.beginBlock(out);
        responseFields(out);
        encodings(out, encoding, accepted);
        metadata(out, metadata);
        end(out, start, false, maxFrame);
    }

    /** Trailers → Status [Status-Message] *Metadata */
    void trailers(int streamId, Status status, Metadata metadata, int maxFrame) {
        ByteBuf out = output.batch(FrameOutput.FRAME_HEADER + USUAL_BLOCK);
        int start = output.beginFrame(out, Http2FrameTypes.HEADERS, streamId);
        hpack.beginBlock(out);
        statusFields(out, status);
        metadata(out, metadata);
        end(out, start, true, maxFrame);
    }

    /** Trailers-Only → ":status 200" Content-Type [Message-Accept-Encoding] Trailers */
    void trailersOnly(int streamId, @Nullable String accepted, Status status, Metadata metadata, int maxFrame) {
        ByteBuf out = output.batch(FrameOutput.FRAME_HEADER + USUAL_BLOCK);
        int start = output.beginFrame(out, Http2FrameTypes.HEADERS, streamId);
        hpack.beginBlock(out);
        responseFields(out);
        encodings(out, null, accepted);
        statusFields(out, status);
        metadata(out, metadata);
        end(out, start, true, maxFrame);
    }

    /** The answer to a request that is no gRPC call: plain HTTP, with the status for gRPC clients beside it. */
    void refusal(int streamId, Refusal refusal, boolean endStream, int maxFrame) {
        ByteBuf out = output.batch(FrameOutput.FRAME_HEADER + USUAL_BLOCK);
        int start = output.beginFrame(out, Http2FrameTypes.HEADERS, streamId);
        hpack.beginBlock(out);
        hpack.literal(out, GrpcHeaders.STATUS, Integer.toString(refusal.httpStatus()));
        if (refusal.httpStatus() == 405) {
            hpack.literal(out, "allow", "POST");
        }
        hpack.literal(out, GrpcHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
        statusFields(out, refusal.status());
        end(out, start, endStream, maxFrame);
    }

    private void responseFields(ByteBuf out) {
        hpack.indexed(out, GrpcHeaders.STATUS, GrpcHeaders.STATUS_200);
        hpack.indexed(out, GrpcHeaders.CONTENT_TYPE, ContentType.GRPC);
    }

    private void encodings(ByteBuf out, @Nullable String encoding, @Nullable String accepted) {
        if (encoding != null) {
            hpack.indexed(out, "grpc-encoding", encoding);
        }
        if (accepted != null) {
            hpack.indexed(out, "grpc-accept-encoding", accepted);
        }
    }

    private void statusFields(ByteBuf out, Status status) {
        hpack.indexed(out, "grpc-status", CODES[status.code().value()]);
        if (status.description() != null) {
            hpack.literal(out, GrpcHeaders.GRPC_MESSAGE, PercentEncoding.encode(status.description()));
        }
    }

    private void metadata(ByteBuf out, Metadata metadata) {
        if (!metadata.isEmpty()) {
            block = out;
            metadata.forEach(this);
        }
    }

    @Override
    public void text(String name, String value) {
        if (GrpcHeaders.isReserved(name)) {
            return;
        }
        String sent = trimmed(value);
        if (name.equals("authorization") || name.equals("cookie")) {
            hpack.neverIndexed(block, name, sent);
        } else {
            hpack.literal(block, name, sent);
        }
    }

    /** RFC 9113 §8.2.1: a value neither starts nor ends with a space. */
    private static String trimmed(String value) {
        boolean padded = !value.isEmpty() && (value.charAt(0) == ' ' || value.charAt(value.length() - 1) == ' ');
        return padded ? value.strip() : value;
    }

    @Override
    public void binary(String name, byte[] value) {
        hpack.literal(block, name, BinaryValues.encode(value));
    }

    private void end(ByteBuf out, int start, boolean endStream, int maxFrame) {
        int flags = endStream ? Http2Flags.END_STREAM : 0;
        int length = out.writerIndex() - start - FrameOutput.FRAME_HEADER;
        if (length <= maxFrame) {
            output.endFrame(out, start, flags | Http2Flags.END_HEADERS);
        } else {
            split(out, start, flags, maxFrame);
        }
    }

    /** Puts a frame header before each part of a block that is too long for one frame. */
    private void split(ByteBuf out, int start, int flags, int maxFrame) {
        int streamId = out.getInt(start + 5);
        ByteBuf whole = out.alloc().buffer(out.writerIndex() - start);
        try {
            whole.writeBytes(
                    out, start + FrameOutput.FRAME_HEADER, out.writerIndex() - start - FrameOutput.FRAME_HEADER);
            out.writerIndex(start + FrameOutput.FRAME_HEADER);
            out.writeBytes(whole, maxFrame);
            output.endFrame(out, start, flags);
            while (whole.isReadable()) {
                int part = output.beginFrame(out, Http2FrameTypes.CONTINUATION, streamId);
                out.writeBytes(whole, Math.min(maxFrame, whole.readableBytes()));
                output.endFrame(out, part, whole.isReadable() ? 0 : Http2Flags.END_HEADERS);
            }
        } finally {
            whole.release();
        }
    }

    private static String[] codes() {
        String[] codes = new String[dev.peregrine.grpc.StatusCode.values().length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = Integer.toString(i);
        }
        return codes;
    }
}
