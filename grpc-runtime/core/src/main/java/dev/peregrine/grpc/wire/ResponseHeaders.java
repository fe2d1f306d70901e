// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * One inbound header block of a response, classified while it arrives: the head, the trailers, or both in one.
 *
 * <pre>
 * Response-Headers → HTTP-Status [Message-Encoding] [Message-Accept-Encoding] Content-Type *Custom-Metadata
 * Trailers-Only    → HTTP-Status Content-Type Trailers
 * Trailers         → Status [Status-Message] [Status-Details] *Custom-Metadata
 * </pre>
 *
 * <p>It records what is there and which laws are broken; what follows is for the caller to decide. Nothing is thrown. Of a
 * regular field that is repeated the last one speaks, as in {@link Metadata}; {@code grpc-accept-encoding}, a list, is
 * joined. Of a repeated pseudo-header the first one stays.
 */
public final class ResponseHeaders {

    /** What {@link #httpStatus} and {@link #grpcStatus} say if there is none. */
    public static final int ABSENT = -1;

    /** What {@link #grpcStatus} says of a value that is no number. */
    public static final int MALFORMED = -2;

    /** What {@link #contentLength} says if there is none. */
    public static final long NO_CONTENT_LENGTH = BlockLaws.NO_LENGTH;

    /** No code of today or tomorrow needs more, and more could overflow. */
    private static final int MAX_STATUS_DIGITS = 9;

    /** RFC 9113, 6.5.2: a field counts its name, its value and 32 more. */
    private static final int FIELD_OVERHEAD = 32;

    private final BlockLaws laws = new BlockLaws();
    private final HeaderList custom = new HeaderList();

    private @Nullable AsciiString httpStatus;
    private @Nullable AsciiString contentType;
    private @Nullable AsciiString encoding;
    private @Nullable AsciiString acceptEncoding;
    private @Nullable AsciiString grpcStatus;
    private @Nullable AsciiString grpcMessage;
    private @Nullable String decodedMessage;
    private int headerListSize;

    /** Adds the next field of the block. Both sequences may be kept: they must not change afterwards. */
    public void add(CharSequence name, CharSequence value) {
        headerListSize += name.length() + value.length() + FIELD_OVERHEAD;
        switch (KnownName.of(name)) {
            case STATUS -> {
                laws.pseudo(httpStatus != null);
                httpStatus = httpStatus != null ? httpStatus : AsciiString.of(value);
            }
            case METHOD, SCHEME, PATH, AUTHORITY, UNKNOWN_PSEUDO -> laws.unknownPseudo();
            case CONTENT_TYPE -> contentType = regular(value);
            case CONTENT_LENGTH -> laws.contentLength(value);
            case GRPC_ENCODING -> encoding = regular(value);
            case GRPC_ACCEPT_ENCODING -> acceptEncoding = RequestHeaders.join(acceptEncoding, regular(value));
            case GRPC_STATUS -> grpcStatus = regular(value);
            case GRPC_MESSAGE -> {
                grpcMessage = regular(value);
                decodedMessage = null;
            }
            case TE, HOST, GRPC_TIMEOUT -> laws.regular(); // of a request; nothing in an answer
            case CONNECTION_SPECIFIC -> laws.connectionSpecific();
            case CUSTOM -> {
                laws.regular();
                custom.add(name, value);
            }
        }
    }

    /** The three digits of {@code :status}, or {@link #ABSENT} if it is absent, as in trailers, or malformed. */
    public int httpStatus() {
        return httpStatus != null && httpStatus.length() == 3 ? Math.max(ABSENT, number(httpStatus)) : ABSENT;
    }

    public @Nullable AsciiString contentType() {
        return contentType;
    }

    /** {@code grpc-encoding}: what compressed messages of this answer are compressed with. */
    public @Nullable AsciiString encoding() {
        return encoding;
    }

    /** {@code grpc-accept-encoding}: the comma-separated names of what requests may be compressed with. */
    public @Nullable AsciiString acceptEncoding() {
        return acceptEncoding;
    }

    /** The number in {@code grpc-status}, whether or not it names a code; {@link #ABSENT} or {@link #MALFORMED}. */
    public int grpcStatus() {
        return grpcStatus == null ? ABSENT : number(grpcStatus);
    }

    /** The text in {@code grpc-message}, decoded. */
    public @Nullable String grpcMessage() {
        if (decodedMessage == null && grpcMessage != null) {
            decodedMessage = PercentEncoding.decode(grpcMessage);
        }
        return decodedMessage;
    }

    /**
     * How the peer says the call ended; null if it does not say. A number that names no code, or a value that is no
     * number, is {@link StatusCode#UNKNOWN} with a text that shows it.
     */
    public @Nullable Status status() {
        int number = grpcStatus();
        if (number == ABSENT) {
            return null;
        }
        if (number >= 0 && StatusCode.of(number).value() == number) {
            return Status.of(StatusCode.of(number), grpcMessage());
        }
        String text = "grpc-status " + grpcStatus + " is none of the codes 0 to " + (StatusCode.values().length - 1);
        return Status.of(StatusCode.UNKNOWN, grpcMessage() == null ? text : text + ": " + grpcMessage());
    }

    /** Whether there is a field that speaks of an HTTP/1 connection: the response is malformed. */
    public boolean hasConnectionHeader() {
        return laws.connectionHeader;
    }

    /** Whether {@code content-length} is no number, or came twice: the response is malformed. */
    public boolean contentLengthMalformed() {
        return laws.contentLengthMalformed;
    }

    /** The octets of DATA that {@code content-length} promises; {@link #NO_CONTENT_LENGTH} if it is absent. */
    public long contentLength() {
        return laws.contentLength;
    }

    /** Whether a pseudo-header came twice: the response is malformed. */
    public boolean duplicatePseudo() {
        return laws.duplicatePseudo;
    }

    /** Whether a pseudo-header came after a regular field: the response is malformed. */
    public boolean pseudoAfterRegular() {
        return laws.pseudoAfterRegular;
    }

    /** Whether there is a pseudo-header other than {@code :status}: the response is malformed. */
    public boolean unknownPseudo() {
        return laws.unknownPseudo;
    }

    /** Whether there is any pseudo-header; trailers must not have one (RFC 9113, 8.1). */
    public boolean hasPseudo() {
        return httpStatus != null || laws.unknownPseudo;
    }

    /** The metadata of this block, made when first asked for. See {@link HeaderList} for what belongs to it. */
    public Metadata metadata() {
        return custom.toMetadata();
    }

    /** The size of all fields together as SETTINGS_MAX_HEADER_LIST_SIZE counts it, in bytes. */
    public int headerListSize() {
        return headerListSize;
    }

    private AsciiString regular(CharSequence value) {
        laws.regular();
        return AsciiString.of(value);
    }

    /** 1*DIGIT, or {@link #MALFORMED}. */
    private static int number(AsciiString text) {
        if (text.isEmpty() || text.length() > MAX_STATUS_DIGITS) {
            return MALFORMED;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return MALFORMED;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
