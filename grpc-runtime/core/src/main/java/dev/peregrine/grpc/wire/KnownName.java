// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import io.netty.util.AsciiString;

/**
 * What a header field is, told by its name. Classified by first byte and length, so that a name is compared in full with
 * one candidate at most.
 */
enum KnownName {
    METHOD(GrpcHeaders.METHOD),
    SCHEME(GrpcHeaders.SCHEME),
    PATH(GrpcHeaders.PATH),
    AUTHORITY(GrpcHeaders.AUTHORITY),
    STATUS(GrpcHeaders.STATUS),
    CONTENT_TYPE(GrpcHeaders.CONTENT_TYPE),
    CONTENT_LENGTH(GrpcHeaders.CONTENT_LENGTH),
    TE(GrpcHeaders.TE),
    HOST(GrpcHeaders.HOST),
    GRPC_TIMEOUT(GrpcHeaders.GRPC_TIMEOUT),
    GRPC_ENCODING(GrpcHeaders.GRPC_ENCODING),
    GRPC_ACCEPT_ENCODING(GrpcHeaders.GRPC_ACCEPT_ENCODING),
    GRPC_STATUS(GrpcHeaders.GRPC_STATUS),
    GRPC_MESSAGE(GrpcHeaders.GRPC_MESSAGE),
    /** One of the fields that speak of an HTTP/1 connection and make an HTTP/2 message malformed (RFC 9113, 8.2.2). */
    CONNECTION_SPECIFIC(GrpcHeaders.CONNECTION),
    /** Begins with a colon, and is none of the above. */
    UNKNOWN_PSEUDO(AsciiString.cached(":")),
    /** Everything else: metadata. */
    CUSTOM(AsciiString.EMPTY_STRING);

    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
    private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
    private static final AsciiString UPGRADE = AsciiString.cached("upgrade");

    private final AsciiString text;

    KnownName(AsciiString text) {
        this.text = text;
    }

    static KnownName of(CharSequence name) {
        if (name.length() == 0) {
            return CUSTOM;
        }
        return switch (name.charAt(0)) {
            case ':' -> pseudo(name);
            case 'g' -> grpc(name);
            default -> other(name);
        };
    }

    private static KnownName pseudo(CharSequence name) {
        return switch (name.length()) {
            case 5 -> PATH.orElse(name, UNKNOWN_PSEUDO);
            case 7 ->
                switch (name.charAt(2)) {
                    case 'e' -> METHOD.orElse(name, UNKNOWN_PSEUDO);
                    case 'c' -> SCHEME.orElse(name, UNKNOWN_PSEUDO);
                    default -> STATUS.orElse(name, UNKNOWN_PSEUDO);
                };
            case 10 -> AUTHORITY.orElse(name, UNKNOWN_PSEUDO);
            default -> UNKNOWN_PSEUDO;
        };
    }

    private static KnownName grpc(CharSequence name) {
        return switch (name.length()) {
            case 11 -> GRPC_STATUS.orElse(name, CUSTOM);
            case 12 -> name.charAt(5) == 't' ? GRPC_TIMEOUT.orElse(name, CUSTOM) : GRPC_MESSAGE.orElse(name, CUSTOM);
            case 13 -> GRPC_ENCODING.orElse(name, CUSTOM);
            case 20 -> GRPC_ACCEPT_ENCODING.orElse(name, CUSTOM);
            default -> CUSTOM;
        };
    }

    private static KnownName other(CharSequence name) {
        return switch (name.length()) {
            case 2 -> TE.orElse(name, CUSTOM);
            case 4 -> HOST.orElse(name, CUSTOM);
            case 7 -> connectionSpecific(name, UPGRADE);
            case 10 ->
                name.charAt(0) == 'c' ? CONNECTION_SPECIFIC.orElse(name, CUSTOM) : connectionSpecific(name, KEEP_ALIVE);
            case 12 -> CONTENT_TYPE.orElse(name, CUSTOM);
            case 14 -> CONTENT_LENGTH.orElse(name, CUSTOM);
            case 16 -> connectionSpecific(name, PROXY_CONNECTION);
            case 17 -> connectionSpecific(name, TRANSFER_ENCODING);
            default -> CUSTOM;
        };
    }

    private KnownName orElse(CharSequence name, KnownName other) {
        return text.contentEquals(name) ? this : other;
    }

    private static KnownName connectionSpecific(CharSequence name, AsciiString candidate) {
        return candidate.contentEquals(name) ? CONNECTION_SPECIFIC : CUSTOM;
    }
}
