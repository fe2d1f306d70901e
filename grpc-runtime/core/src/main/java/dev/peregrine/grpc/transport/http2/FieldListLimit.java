// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.wire.ContentType;
import dev.peregrine.grpc.wire.Excerpt;
import dev.peregrine.grpc.wire.GrpcHeaders;
import dev.peregrine.grpc.wire.PercentEncoding;
import org.jspecify.annotations.Nullable;

/**
 * What the peer accepts in one field block: SETTINGS_MAX_HEADER_LIST_SIZE (RFC 9113 §6.5.2), which is advice, and endless
 * until it has come. Blocks are measured before they are written. Those without metadata and text are not: every peer
 * must accept them to make calls at all.
 */
final class FieldListLimit {

    /** The longest grpc-timeout, and the longest grpc-status. */
    private static final int TIMEOUT = 9;

    private static final int CODE = 2;

    private final PeerSettings peer;
    private final FieldListSize size = new FieldListSize();

    FieldListLimit(PeerSettings peer) {
        this.peer = peer;
    }

    /** Why this request is not to be sent; null if it may. */
    @Nullable
    Status refusal(CallHead head, ConnectOptions options) {
        if (isEndless() || size(head, options) <= peer.maxHeaderListSize()) {
            return null;
        }
        return tooLarge("the request's metadata is", "server");
    }

    /**
     * Why response headers with this metadata are not to be sent; null if they may.
     *
     * @param encoding what they say of the response's encoding, if anything
     * @param accepted what they say of encodings of requests, if anything
     */
    @Nullable
    Status refusal(Metadata headers, @Nullable String encoding, @Nullable String accepted) {
        if (isEndless() || headers.isEmpty()) {
            return null;
        }
        responseSize().add(headers);
        addEncodings(encoding, accepted);
        if (size.sum() <= peer.maxHeaderListSize()) {
            return null;
        }
        return tooLarge("the response's metadata is", "client");
    }

    /**
     * Whether trailers of this status and metadata may be sent.
     *
     * @param accepted what they say of encodings of requests, if anything: only without headers before them they do
     */
    boolean accepts(Status status, Metadata trailers, @Nullable String accepted) {
        return isEndless() || size(status, trailers, accepted) <= peer.maxHeaderListSize();
    }

    /** What is to be told, without metadata, to a client that does not accept the trailers of this status. */
    Status shortened(Status status, @Nullable String accepted) {
        Status told = status.isOk()
                ? tooLarge("the response's trailers are", "client")
                : Status.of(status.code(), status.description() == null ? null : Excerpt.of(status.description()));
        return accepts(told, Metadata.EMPTY, accepted) ? told : Status.of(told.code());
    }

    private boolean isEndless() {
        return peer.maxHeaderListSize() == Long.MAX_VALUE;
    }

    private long size(CallHead head, ConnectOptions options) {
        size.reset()
                .add(GrpcHeaders.METHOD, GrpcHeaders.POST.length())
                .add(GrpcHeaders.SCHEME, GrpcHeaders.HTTPS.length())
                .add(GrpcHeaders.PATH, head.path().length())
                .add(GrpcHeaders.AUTHORITY, head.authority().length())
                .add(GrpcHeaders.TE, GrpcHeaders.TRAILERS.length())
                .add(GrpcHeaders.CONTENT_TYPE, ContentType.GRPC.length())
                .add(GrpcHeaders.USER_AGENT, options.userAgent().length())
                .add(head.metadata());
        if (head.deadline() != null) {
            size.add(GrpcHeaders.GRPC_TIMEOUT, TIMEOUT);
        }
        addEncodings(head.encoding(), options.acceptEncoding());
        return size.sum();
    }

    private long size(Status status, Metadata trailers, @Nullable String accepted) {
        if (status.description() == null && trailers.isEmpty()) {
            return 0;
        }
        responseSize().add(GrpcHeaders.GRPC_STATUS, CODE).add(trailers);
        addEncodings(null, accepted);
        if (status.description() != null) {
            size.add(
                    GrpcHeaders.GRPC_MESSAGE,
                    PercentEncoding.encode(status.description()).length());
        }
        return size.sum();
    }

    private void addEncodings(@Nullable String encoding, @Nullable String accepted) {
        if (encoding != null) {
            size.add(GrpcHeaders.GRPC_ENCODING, encoding.length());
        }
        if (accepted != null) {
            size.add(GrpcHeaders.GRPC_ACCEPT_ENCODING, accepted.length());
        }
    }

    private FieldListSize responseSize() {
        return size.reset()
                .add(GrpcHeaders.STATUS, GrpcHeaders.STATUS_200.length())
                .add(GrpcHeaders.CONTENT_TYPE, ContentType.GRPC.length());
    }

    private Status tooLarge(String what, String peerName) {
        return Status.of(
                StatusCode.RESOURCE_EXHAUSTED,
                what + " larger than the " + peer.maxHeaderListSize() + " bytes that the " + peerName + " accepts");
    }
}
