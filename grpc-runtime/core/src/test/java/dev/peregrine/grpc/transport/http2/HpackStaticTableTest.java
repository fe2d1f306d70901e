// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.util.AsciiString;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HpackStaticTableTest {

    @Test
    void theTableIsTheOneAForeignDecoderHas() throws Exception {
        DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
        Set<String> names = new HashSet<>();
        for (int index = 1; index <= HpackStaticTable.LENGTH; index++) {
            Map.Entry<CharSequence, CharSequence> field = decoder.decodeHeaders(
                            1, Unpooled.wrappedBuffer(new byte[] {(byte) (0x80 | index)}))
                    .iterator()
                    .next();
            String name = field.getKey().toString();
            String value = field.getValue().toString();

            assertThat(HpackStaticTable.find(name, value)).isEqualTo(index);
            assertThat(HpackStaticTable.find(new AsciiString(name), new AsciiString(value)))
                    .isEqualTo(index);
            if (names.add(name)) {
                assertThat(HpackStaticTable.findName(name)).isEqualTo(index);
            }
        }
    }

    @Test
    void whatItDoesNotHoldIsUnknown() {
        assertThat(HpackStaticTable.find(":status", "201")).isEqualTo(FieldIndex.UNKNOWN);
        assertThat(HpackStaticTable.findName("grpc-status")).isEqualTo(FieldIndex.UNKNOWN);
    }
}
