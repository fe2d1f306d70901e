// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * HPACK, outward: field lists to header blocks, through the dynamic table of one connection. Order and octets are kept;
 * nothing is validated. The script and the writing thread may both use it.
 */
final class HeaderEncoder {

    private final DefaultHttp2HeadersEncoder hpack = new DefaultHttp2HeadersEncoder();

    synchronized Octets encode(int streamId, List<Header> headers) {
        AsciiString[] namesAndValues = new AsciiString[headers.size() * 2];
        for (int i = 0; i < headers.size(); i++) {
            namesAndValues[2 * i] = ascii(headers.get(i).name());
            namesAndValues[2 * i + 1] = ascii(headers.get(i).value());
        }
        ByteBuf block = Unpooled.buffer();
        try {
            // "Trailers" is Netty's one list that is iterated as given, pseudo-header fields included.
            hpack.encodeHeaders(streamId, ReadOnlyHttp2Headers.trailers(false, namesAndValues), block);
            return Octets.of(ByteBufUtil.getBytes(block));
        } catch (Http2Exception e) {
            throw new IllegalArgumentException("HPACK cannot write " + headers, e);
        } finally {
            block.release();
        }
    }

    /** Takes the limit the other side announced as HEADER_TABLE_SIZE. */
    synchronized void limitTable(long octets) {
        try {
            hpack.maxHeaderTableSize(octets);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException("HPACK cannot keep a table of " + octets + " octets", e);
        }
    }

    private static AsciiString ascii(String text) {
        return new AsciiString(text.getBytes(StandardCharsets.ISO_8859_1), false);
    }
}
