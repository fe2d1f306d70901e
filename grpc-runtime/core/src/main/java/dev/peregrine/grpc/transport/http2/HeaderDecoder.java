// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/** Netty's HPACK decoder, made to fill a {@link HeaderSink}. */
final class HeaderDecoder extends DefaultHttp2HeadersDecoder {

    /**
     * A block this many times the limit is not even decoded to the end: it costs the connection. Below it the block is
     * decoded, for the sake of the compression state, and only its request is refused.
     */
    private static final int FAR_TOO_LARGE = 4;

    private final boolean requests;
    private final KnownLegal legal = new KnownLegal();

    private HeaderDecoder(boolean requests, long maxListSize) {
        // Our own grammar checks names and pseudo-headers, so Netty need not.
        super(false, maxListSize);
        this.requests = requests;
    }

    static HeaderDecoder create(boolean requests, int maxListSize) {
        HeaderDecoder decoder = new HeaderDecoder(requests, maxListSize);
        try {
            decoder.maxHeaderListSize(maxListSize, (long) maxListSize * FAR_TOO_LARGE);
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible);
        }
        return decoder;
    }

    /** The octets of an encoded block that are worth decoding. */
    long mostEncoded() {
        return maxHeaderListSizeGoAway();
    }

    /**
     * Decodes one whole field block.
     *
     * @throws Http2Exception.HeaderListSizeException if its fields are larger than the limit; the compression state is sound
     * @throws Http2Exception if it cannot be decoded, which costs the connection (RFC 9113 §4.3)
     */
    HeaderSink decode(int streamId, ByteBuf block) throws Http2Exception {
        return (HeaderSink) decodeHeaders(streamId, block);
    }

    @Override
    protected Http2Headers newHeaders() {
        return requests ? HeaderSink.forRequest(legal) : HeaderSink.forResponse(legal);
    }
}
