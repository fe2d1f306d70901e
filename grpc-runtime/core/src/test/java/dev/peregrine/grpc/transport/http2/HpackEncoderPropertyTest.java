// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is written in whatever way, a foreign decoder reads the same fields, and keeps reading them. */
class HpackEncoderPropertyTest {

    private static final String[] NAMES = {
        "content-type",
        "te",
        "user-agent",
        "grpc-status",
        "authorization",
        "x-a",
        "x-b",
        "x-a-rather-long-name-of-a-field"
    };
    private static final String[] VALUES = {"", "0", "trailers", "application/grpc", "gzip, deflate"};
    private static final long[] TABLE_SIZES = {0, 1, 32, 40, 100, 300, 1000, 4095, 4096, 4097, 65_536, 0xffffffffL};

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43, 44, 45})
    void randomBlocksAndTableSizesAreReadAsTheyWereWritten(long seed) throws Exception {
        Random random = new Random(seed);
        for (int connection = 0; connection < 40; connection++) {
            HpackEncoder encoder = new HpackEncoder();
            DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
            for (int block = 0; block < 60; block++) {
                for (int changes = random.nextInt(8) == 0 ? 1 + random.nextInt(3) : 0; changes > 0; changes--) {
                    long size = TABLE_SIZES[random.nextInt(TABLE_SIZES.length)];
                    encoder.maxTableSize(size);
                    decoder.configuration().maxHeaderTableSize(size);
                }
                ByteBuf out = Unpooled.buffer();
                encoder.beginBlock(out);
                List<String> written = new ArrayList<>();
                for (int fields = random.nextInt(12); fields > 0; fields--) {
                    written.add(writeRandomField(encoder, out, random));
                }

                List<String> read = new ArrayList<>();
                decoder.decodeHeaders(1, out).forEach(field -> read.add(field.getKey() + ": " + field.getValue()));

                assertThat(read).isEqualTo(written);
            }
        }
    }

    private static String writeRandomField(HpackEncoder encoder, ByteBuf out, Random random) {
        String name = NAMES[random.nextInt(NAMES.length)];
        String value = random.nextInt(3) > 0
                ? VALUES[random.nextInt(VALUES.length)]
                : "v".repeat(random.nextInt(150)) + random.nextInt(20);
        switch (random.nextInt(5)) {
            case 0 -> encoder.literal(out, name, value);
            case 1 -> encoder.neverIndexed(out, name, value);
            case 2 -> encoder.indexed(out, name, value);
            default -> encoder.indexed(out, new AsciiString(name), new AsciiString(value));
        }
        return name + ": " + value;
    }
}
