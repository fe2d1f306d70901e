// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.fuzz.Chance;
import dev.peregrine.grpc.fuzz.FrameBytes;
import dev.peregrine.grpc.fuzz.Fuzz;
import dev.peregrine.grpc.fuzz.Tally;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.wire.GrpcHeaders;
import dev.peregrine.grpc.wire.RequestHeaders;
import dev.peregrine.grpc.wire.ResponseHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Header blocks: any bytes are read or refused as HTTP/2 says, and any metadata comes back from the other end, whatever
 * the sizes of frames and tables.
 */
class HeaderBlockFuzzTest {

    private static final int MAX_LIST = 4000;

    private final Tally tally = new Tally();

    @Test
    void anyBytesAreReadAsARequestOrRefused() {
        int played = Fuzz.repeat(6000, chance -> readAnything(chance, true));
        expectBoth(played);
    }

    @Test
    void anyBytesAreReadAsAResponseOrRefused() {
        int played = Fuzz.repeat(6000, chance -> readAnything(chance, false));
        expectBoth(played);
    }

    private void expectBoth(int played) {
        tally.expect("read", played, 1)
                .expect("lawful", played, 3)
                .expect("malformed", played, 20)
                .expect("too large", played, 40)
                .expect("connection error 9", played, 6);
    }

    /** Some blocks on one connection, until one breaks it. */
    private void readAnything(Chance chance, boolean requests) {
        HeaderDecoder decoder = HeaderDecoder.create(requests, MAX_LIST);
        FrameBytes encoder = new FrameBytes();
        for (int n = 1 + chance.below(4); n > 0; n--) {
            byte[] block = chance.oneIn(8) ? chance.bytes(chance.below(60)) : encoder.block(fields(chance, requests));
            for (int flips = chance.oneIn(2) ? 0 : 1 + chance.below(2); flips > 0 && block.length > 0; flips--) {
                block[chance.below(block.length)] ^= (byte) (1 << chance.below(8));
            }
            try {
                HeaderSink sink = decoder.decode(1, Unpooled.wrappedBuffer(block));
                tally.count("read");
                judge(sink, requests);
            } catch (Http2Exception refused) {
                if (refused instanceof Http2Exception.HeaderListSizeException) {
                    tally.count("too large");
                } else {
                    tally.count("connection error " + refused.error().code());
                    return;
                }
            } catch (RuntimeException | Error failure) {
                throw new AssertionError("a block failed: " + HexFormat.of().formatHex(block), failure);
            }
        }
    }

    private static List<String> fields(Chance chance, boolean requests) {
        FuzzTalk talk = new FuzzTalk(chance);
        List<String> fields = new ArrayList<>(
                requests
                        ? List.of(":method", "POST", ":scheme", "http", ":path", "/a/b", "te", "trailers")
                        : List.of(":status", "200", "grpc-status", "0", "grpc-message", "a%20b"));
        fields.addAll(List.of("content-type", "application/grpc"));
        fields.addAll(talk.metadata());
        while (chance.oneIn(3)) {
            fields = talk.spoiled(fields);
            if (fields.size() < 2) {
                return fields;
            }
        }
        return fields;
    }

    /** Asks for everything there is to ask. */
    private void judge(HeaderSink sink, boolean requests) {
        boolean malformed;
        Metadata metadata;
        int size;
        if (requests) {
            RequestHeaders head = sink.request();
            malformed = RequestRules.malformed(sink) != null;
            if (!malformed) {
                RequestRules.refusal(head);
            }
            head.authority();
            head.acceptEncoding();
            assertThat(head.timeoutNanos()).isGreaterThanOrEqualTo(RequestHeaders.MALFORMED_TIMEOUT);
            metadata = head.metadata();
            size = head.headerListSize();
        } else {
            ResponseHeaders head = sink.response();
            boolean first = head.hasPseudo();
            malformed = ResponseRules.malformed(sink, first, !first) != null;
            ResponseRules.refusal(head);
            ResponseRules.isInformational(head);
            assertThat(ResponseRules.ending(head, first)).isNotNull();
            metadata = head.metadata();
            size = head.headerListSize();
        }
        tally.count(malformed ? "malformed" : "lawful");
        assertThat(size).isLessThanOrEqualTo(MAX_LIST);
        // What was let in as metadata must be fit to be sent on.
        Metadata.Builder again = Metadata.builder();
        metadata.forEach(new Metadata.Visitor() {
            @Override
            public void text(String name, String value) {
                again.addText(name, value);
            }

            @Override
            public void binary(String name, byte[] value) {
                again.addBinary(name, value);
            }
        });
        assertThat(again.build().size()).isEqualTo(metadata.size());
    }

    @Test
    void anyMetadataComesBackFromTheOtherEnd() {
        int played = Fuzz.repeat(1500, this::roundTrips);
        tally.expect("block", played, 0.5).expect("continuation", played, 12);
    }

    /** Some blocks on one connection, whose peer changes its mind about the size of the table now and then. */
    private void roundTrips(Chance chance) {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        channel.config().setAllocator(new UnpooledByteBufAllocator(false, true));
        ChannelHandlerContext ctx = channel.pipeline().firstContext();
        FrameOutput output = new FrameOutput(ctx);
        ConnectOptions options = ConnectOptions.of("agent").withAcceptEncoding(chance.of("gzip", null));
        HpackEncoder hpack = new HpackEncoder();
        HeaderBlocks blocks = new HeaderBlocks(output, hpack, GrpcHeaders.HTTP);
        boolean client = chance.oneIn(2);
        HeaderDecoder decoder = HeaderDecoder.create(client, 1 << 20);
        Heard heard = new Heard();
        FrameReader reader = new FrameReader(decoder, heard);
        reader.read(Unpooled.wrappedBuffer(FrameBytes.settings()), ctx.alloc());
        try {
            for (int n = 1 + chance.below(5); n > 0; n--) {
                if (chance.oneIn(3)) {
                    long size = chance.oneIn(2) ? chance.below(300) : chance.below(10_000);
                    hpack.maxTableSize(size);
                    decoder.configuration().maxHeaderTableSize(size);
                }
                Metadata metadata = metadata(chance);
                int maxFrame = chance.of(16_384, 9000, 2500); // Smaller ones make more pieces than a reader takes.
                String encoding = chance.of("gzip", null);
                String path = "/" + chance.text(10, "abc").replaceAll("[^ -~]", "x");
                Status status = Status.of(chance.of(StatusCode.values()), chance.text(40, "why %"));
                if (client) {
                    blocks.request(1, new CallHead(path, "fuzz", null, metadata, encoding), options, false, maxFrame);
                } else if (chance.oneIn(2)) {
                    blocks.response(1, encoding, chance.of("identity,gzip", null), metadata, maxFrame);
                } else {
                    blocks.trailersOnly(1, chance.of("identity,gzip", null), status, metadata, maxFrame);
                }
                output.flush();
                int frames = read(channel, ctx, reader);
                Metadata back = client
                        ? heard.last().request().metadata()
                        : heard.last().response().metadata();
                assertThat(listed(back))
                        .containsAll(listed(metadata))
                        .hasSizeBetween(metadata.size(), metadata.size() + 1);
                tally.count("block");
                if (frames > 1) {
                    tally.count("continuation");
                }
            }
        } catch (Http2Exception unreadable) {
            throw new AssertionError(unreadable);
        } finally {
            reader.close();
            channel.finishAndReleaseAll();
        }
    }

    /** Reads all that was written; returns how many frames that were. */
    private static int read(EmbeddedChannel channel, ChannelHandlerContext ctx, FrameReader reader) {
        ByteBuf written = channel.readOutbound();
        try {
            int frames = 0;
            while (written.isReadable()) {
                frames++;
                assertThat(reader.read(written, ctx.alloc()))
                        .as("a whole frame")
                        .isTrue();
            }
            return frames;
        } finally {
            written.release();
        }
    }

    /** Keeps the last header block. */
    private static final class Heard extends HeardFrames {

        private @Nullable HeaderSink last;

        @Override
        public void headers(int streamId, HeaderSink headers, boolean endStream) {
            last = headers;
        }

        /** A block that has come, and is asked for once. */
        HeaderSink last() {
            HeaderSink block = last;
            last = null;
            assertThat(block).as("a whole block").isNotNull();
            return block;
        }
    }

    private static Metadata metadata(Chance chance) {
        Metadata.Builder metadata = Metadata.builder();
        for (int n = chance.below(8); n > 0; n--) {
            String name = chance.of("x-a", "authorization", "cookie", "x.long_name-of-a-field" + chance.below(5));
            if (chance.oneIn(3)) {
                metadata.addBinary(name + "-bin", chance.bytes(chance.size(3000)));
            } else { // Spaces at the ends are no part of a value.
                metadata.addText(
                        name,
                        chance.text(chance.oneIn(9) ? 3000 : 30, "ab ~")
                                .replaceAll("[^ -~]", "x")
                                .trim());
            }
        }
        return metadata.build();
    }

    private static List<String> listed(Metadata metadata) {
        List<String> listed = new ArrayList<>();
        metadata.forEach(new Metadata.Visitor() {
            @Override
            public void text(String name, String value) {
                listed.add(name + ": " + value);
            }

            @Override
            public void binary(String name, byte[] value) {
                listed.add(name + ": " + HexFormat.of().formatHex(value));
            }
        });
        return listed;
    }
}
