// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.nio.charset.StandardCharsets;

/**
 * The first bytes of a connection (RFC 9113 §3.4). They tell whether the other end speaks HTTP/2 at all; if not, the
 * error says what it seems to speak.
 */
final class Preface {

    static final byte[] CLIENT = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Enough of a server's first frame to see that it is none. */
    private static final int TELLING = 5;

    /** Where a frame says of what type it is (RFC 9113 §4.1). */
    private static final int FRAME_TYPE = 3;

    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_ALERT = 0x15;

    private final boolean ofClient;
    private int matched;
    private boolean complete;

    /**
     * @param ofClient whether the other end is the client, which sends the preface; a server starts with a frame
     */
    Preface(boolean ofClient) {
        this.ofClient = ofClient;
    }

    boolean isComplete() {
        return complete;
    }

    /**
     * Reads as much of the preface as is there; true once it is complete.
     *
     * @throws NotHttp2 if the bytes are something else
     */
    boolean read(ByteBuf input) {
        complete = ofClient ? readClients(input) : lookAtServers(input);
        return complete;
    }

    private boolean readClients(ByteBuf input) {
        while (matched < CLIENT.length && input.isReadable()) {
            if (input.getByte(input.readerIndex()) != CLIENT[matched]) {
                throw notHttp2(input);
            }
            input.skipBytes(1);
            matched++;
        }
        return matched == CLIENT.length;
    }

    private static boolean lookAtServers(ByteBuf input) {
        if (input.readableBytes() < TELLING) {
            return false;
        }
        String start = input.toString(input.readerIndex(), TELLING, StandardCharsets.ISO_8859_1);
        if (start.equals("HTTP/")) {
            throw new NotHttp2(
                    "the server answered with HTTP/1, not HTTP/2; is this the port of another protocol?", false);
        }
        int first = input.getUnsignedByte(input.readerIndex());
        if ((first == TLS_ALERT || first == TLS_HANDSHAKE) && input.getUnsignedByte(input.readerIndex() + 1) == 3) {
            throw new NotHttp2("the server answered with TLS, but this client speaks plaintext", false);
        }
        if (input.getByte(input.readerIndex() + FRAME_TYPE) != Http2FrameTypes.SETTINGS) {
            throw new NotHttp2(
                    "the server's first bytes (" + ByteBufUtil.hexDump(input, input.readerIndex(), TELLING)
                            + ") are no SETTINGS frame of HTTP/2; is this the port of another protocol?",
                    false);
        }
        return true;
    }

    private NotHttp2 notHttp2(ByteBuf input) {
        int first = matched == 0 ? input.getUnsignedByte(input.readerIndex()) : CLIENT[0];
        if (matched == 0 && first == TLS_HANDSHAKE) {
            return new NotHttp2("the client speaks TLS, but this port speaks plaintext", false);
        }
        boolean http1 = matched > 0 || (first >= 'A' && first <= 'Z');
        return new NotHttp2(
                http1
                        ? "the client speaks HTTP/1, but this port speaks HTTP/2 (gRPC) only"
                        : "the client speaks neither HTTP/2 nor anything known",
                http1);
    }

    /** The other end speaks another protocol. */
    static final class NotHttp2 extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final boolean http1;

        NotHttp2(String text, boolean http1) {
            super(text, null, false, false);
            this.http1 = http1;
        }

        /** What to answer: an HTTP/1 client understands HTTP/1, for others there is GOAWAY. */
        boolean isHttp1() {
            return http1;
        }
    }
}
