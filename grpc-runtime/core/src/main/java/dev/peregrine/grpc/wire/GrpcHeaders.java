// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import io.netty.util.AsciiString;
import java.util.Set;

/** The names of header fields that gRPC over HTTP/2 gives a meaning, and values that are known. */
public final class GrpcHeaders {

    public static final AsciiString METHOD = AsciiString.cached(":method");
    public static final AsciiString SCHEME = AsciiString.cached(":scheme");
    public static final AsciiString PATH = AsciiString.cached(":path");
    public static final AsciiString AUTHORITY = AsciiString.cached(":authority");
    public static final AsciiString STATUS = AsciiString.cached(":status");

    public static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    public static final AsciiString USER_AGENT = AsciiString.cached("user-agent");
    public static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    public static final AsciiString TE = AsciiString.cached("te");
    public static final AsciiString HOST = AsciiString.cached("host");
    public static final AsciiString CONNECTION = AsciiString.cached("connection");

    public static final AsciiString GRPC_TIMEOUT = AsciiString.cached("grpc-timeout");
    public static final AsciiString GRPC_ENCODING = AsciiString.cached("grpc-encoding");
    public static final AsciiString GRPC_ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");
    public static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");
    public static final AsciiString GRPC_MESSAGE = AsciiString.cached("grpc-message");
    public static final AsciiString GRPC_STATUS_DETAILS_BIN = AsciiString.cached("grpc-status-details-bin");

    /** The one value of {@link #TE}: a proxy that passes it on also passes trailers on. */
    public static final AsciiString TRAILERS = AsciiString.cached("trailers");

    /** The one value of {@link #METHOD}. */
    public static final AsciiString POST = AsciiString.cached("POST");

    public static final AsciiString HTTP = AsciiString.cached("http");
    public static final AsciiString HTTPS = AsciiString.cached("https");

    /** The one value of {@link #METHOD} that goes with neither scheme nor path (RFC 9113, 8.5). */
    public static final AsciiString CONNECT = AsciiString.cached("CONNECT");

    /** The one value of {@link #STATUS} in an answer that is gRPC. */
    public static final AsciiString STATUS_200 = AsciiString.cached("200");

    /** What applications may not send as metadata: the protocol's own, and what has no place in HTTP/2. */
    private static final Set<String> RESERVED = Set.of(
            "content-type",
            "content-length",
            "te",
            "host",
            "user-agent",
            "grpc-timeout",
            "grpc-encoding",
            "grpc-accept-encoding",
            "grpc-status",
            "grpc-message",
            "connection",
            "keep-alive",
            "proxy-connection",
            "transfer-encoding",
            "upgrade");

    private GrpcHeaders() {}

    /** Whether metadata of this name is left out on the way to the wire. */
    public static boolean isReserved(String name) {
        return RESERVED.contains(name);
    }
}
