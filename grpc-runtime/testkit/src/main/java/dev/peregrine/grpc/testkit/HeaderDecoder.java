// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * HPACK, inward: header blocks to field lists, through the dynamic table of one connection. Order and octets are kept;
 * only what HPACK itself forbids is refused. Used by the reading thread alone.
 */
final class HeaderDecoder {

    /** Largest field list that is read, RFC 9113's way of counting: beyond any limit that a test would probe. */
    private static final long MAX_LIST_SIZE = 16 << 20;

    private final Hpack hpack = new Hpack();

    List<Header> decode(int streamId, Octets block) throws ProtocolBreach {
        ByteBuf buffer = Unpooled.wrappedBuffer(block.toArray());
        try {
            return ((OrderedHeaders) hpack.decodeHeaders(streamId, buffer)).inOrder;
        } catch (Http2Exception e) {
            throw new ProtocolBreach("4.3", "header block of stream " + streamId + " is not HPACK: " + e.getMessage());
        } finally {
            buffer.release();
        }
    }

    /** Takes the HEADER_TABLE_SIZE that we announced and the other side has acknowledged. */
    void limitTable(long octets) {
        try {
            hpack.maxHeaderTableSize(octets);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException("HPACK cannot keep a table of " + octets + " octets", e);
        }
    }

    private static final class Hpack extends DefaultHttp2HeadersDecoder {

        Hpack() {
            super(false, MAX_LIST_SIZE);
        }

        @Override
        protected Http2Headers newHeaders() {
            return new OrderedHeaders();
        }
    }

    /** Netty's headers move pseudo-header fields to the front; a witness must see where they stood. */
    private static final class OrderedHeaders extends DefaultHttp2Headers {

        private final List<Header> inOrder = new ArrayList<>();

        OrderedHeaders() {
            super(false);
        }

        @Override
        public Http2Headers add(CharSequence name, CharSequence value) {
            inOrder.add(new Header(text(name), text(value)));
            return this;
        }

        private static String text(CharSequence octets) {
            AsciiString ascii = AsciiString.of(octets);
            return new String(ascii.array(), ascii.arrayOffset(), ascii.length(), StandardCharsets.ISO_8859_1);
        }
    }
}
