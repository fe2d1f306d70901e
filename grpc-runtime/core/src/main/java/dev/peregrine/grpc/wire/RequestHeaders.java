// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import dev.peregrine.grpc.Metadata;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The head of one inbound request, classified while it arrives.
 *
 * <pre>
 * Request-Headers → Call-Definition *Custom-Metadata
 * Call-Definition → Method Scheme Path [Authority] TE [Timeout] Content-Type [Message-Type] [Message-Encoding]
 *                   [Message-Accept-Encoding] [User-Agent]
 * </pre>
 *
 * <p>It records what is there and which laws are broken; what to answer is for the caller to decide. Nothing is thrown.
 * Of a regular field that is repeated the last one speaks, as in {@link Metadata}; {@code grpc-accept-encoding}, a list,
 * is joined. Of a repeated pseudo-header the first one stays.
 *
 * <p>Values that are {@link AsciiString}s are kept without copying.
 */
public final class RequestHeaders implements RequestHead {

    /** What {@link #timeoutNanos} says if there is no {@code grpc-timeout}: the call may last forever. */
    public static final long NO_TIMEOUT = -1;

    /** What {@link #timeoutNanos} says of a {@code grpc-timeout} that breaks the grammar. */
    public static final long MALFORMED_TIMEOUT = -2;

    /** What {@link #contentLength} says if there is none. */
    public static final long NO_CONTENT_LENGTH = BlockLaws.NO_LENGTH;

    /** RFC 9113, 6.5.2: a field counts its name, its value and 32 more. */
    private static final int FIELD_OVERHEAD = 32;

    private final BlockLaws laws = new BlockLaws();
    private final HeaderList custom = new HeaderList();

    private @Nullable AsciiString path;
    private @Nullable AsciiString method;
    private @Nullable AsciiString scheme;
    private @Nullable AsciiString authority;
    private @Nullable AsciiString host;
    private @Nullable AsciiString contentType;
    private @Nullable AsciiString te;
    private @Nullable AsciiString encoding;
    private @Nullable AsciiString acceptEncoding;
    private long timeoutNanos = NO_TIMEOUT;
    private boolean hostConflict;
    private int headerListSize;

    /** Adds the next field of the block. Both sequences may be kept: they must not change afterwards. */
    public void add(CharSequence name, CharSequence value) {
        headerListSize += name.length() + value.length() + FIELD_OVERHEAD;
        switch (KnownName.of(name)) {
            case METHOD -> method = pseudo(method, value);
            case SCHEME -> scheme = pseudo(scheme, value);
            case PATH -> path = pseudo(path, value);
            case AUTHORITY -> authority = pseudo(authority, value);
            case STATUS, UNKNOWN_PSEUDO -> laws.unknownPseudo();
            case CONTENT_TYPE -> contentType = regular(value);
            case CONTENT_LENGTH -> laws.contentLength(value);
            case TE -> te = te == null || te.contentEqualsIgnoreCase(GrpcHeaders.TRAILERS) ? regular(value) : te;
            case HOST -> host(regular(value));
            case GRPC_TIMEOUT -> timeout(regular(value));
            case GRPC_ENCODING -> encoding = regular(value);
            case GRPC_ACCEPT_ENCODING -> acceptEncoding = join(acceptEncoding, regular(value));
            case GRPC_STATUS, GRPC_MESSAGE -> laws.regular(); // of an answer; nothing in a request
            case CONNECTION_SPECIFIC -> laws.connectionSpecific();
            case CUSTOM -> {
                laws.regular();
                custom.add(name, value);
            }
        }
    }

    @Override
    public @Nullable AsciiString path() {
        return path;
    }

    public @Nullable AsciiString method() {
        return method;
    }

    public @Nullable AsciiString scheme() {
        return scheme;
    }

    /** {@code :authority}, or {@code host} if there is none. */
    @Override
    public @Nullable AsciiString authority() {
        return authority != null ? authority : host;
    }

    public @Nullable AsciiString contentType() {
        return contentType;
    }

    /** {@code te}; of several the first that is not {@code trailers}, which is the one lawful value. */
    public @Nullable AsciiString te() {
        return te;
    }

    /** The timeout in nanoseconds, {@link #NO_TIMEOUT} or {@link #MALFORMED_TIMEOUT}. */
    @Override
    public long timeoutNanos() {
        return timeoutNanos;
    }

    public boolean timeoutMalformed() {
        return timeoutNanos == MALFORMED_TIMEOUT;
    }

    /** {@code grpc-encoding}: what compressed messages of this request are compressed with. */
    @Override
    public @Nullable AsciiString encoding() {
        return encoding;
    }

    /** {@code grpc-accept-encoding}: the comma-separated names of what the answer may be compressed with. */
    @Override
    public @Nullable AsciiString acceptEncoding() {
        return acceptEncoding;
    }

    /** Whether there is {@code connection} or another field that speaks of an HTTP/1 connection: the request is malformed. */
    public boolean hasConnectionHeader() {
        return laws.connectionHeader;
    }

    /** Whether {@code content-length} is no number, or came twice: the request is malformed. */
    public boolean contentLengthMalformed() {
        return laws.contentLengthMalformed;
    }

    /** The octets of DATA that {@code content-length} promises; {@link #NO_CONTENT_LENGTH} if it is absent. */
    public long contentLength() {
        return laws.contentLength;
    }

    /** Whether a pseudo-header came twice: the request is malformed. */
    public boolean duplicatePseudo() {
        return laws.duplicatePseudo;
    }

    /** Whether a pseudo-header came after a regular field: the request is malformed. */
    public boolean pseudoAfterRegular() {
        return laws.pseudoAfterRegular;
    }

    /** Whether there is a pseudo-header that no gRPC request has: the request is malformed. */
    public boolean unknownPseudo() {
        return laws.unknownPseudo;
    }

    /** Whether there is any pseudo-header; trailers must not have one (RFC 9113, 8.1). */
    public boolean hasPseudo() {
        return method != null || scheme != null || path != null || authority != null || laws.unknownPseudo;
    }

    /** Whether {@code host} contradicts {@code :authority} or another {@code host} (RFC 9113, 8.3.1). */
    public boolean hostConflict() {
        return hostConflict || (authority != null && host != null && !authority.contentEqualsIgnoreCase(host));
    }

    /** The metadata of this request, made when first asked for. See {@link HeaderList} for what belongs to it. */
    @Override
    public Metadata metadata() {
        return custom.toMetadata();
    }

    /** The size of all fields together as SETTINGS_MAX_HEADER_LIST_SIZE counts it, in bytes. */
    public int headerListSize() {
        return headerListSize;
    }

    private AsciiString pseudo(@Nullable AsciiString before, CharSequence value) {
        laws.pseudo(before != null);
        return before != null ? before : AsciiString.of(value);
    }

    private AsciiString regular(CharSequence value) {
        laws.regular();
        return AsciiString.of(value);
    }

    private void host(AsciiString value) {
        hostConflict |= host != null && !host.contentEqualsIgnoreCase(value);
        host = value;
    }

    private void timeout(AsciiString value) {
        long nanos = Timeout.parse(value);
        timeoutNanos = nanos < 0 ? MALFORMED_TIMEOUT : nanos;
    }

    /** Fields of a list type mean the same on one line or on several (RFC 9110, 5.3). */
    static AsciiString join(@Nullable AsciiString before, AsciiString value) {
        return before == null ? value : new AsciiString(before + "," + value);
    }
}
