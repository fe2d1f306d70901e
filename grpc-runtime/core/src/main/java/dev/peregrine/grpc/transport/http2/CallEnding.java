// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.wire.GrpcHeaders;
import dev.peregrine.grpc.wire.PercentEncoding;
import org.jspecify.annotations.Nullable;

/**
 * How a call ends, and what travels with it.
 *
 * @param trailers the metadata behind the status
 */
record CallEnding(Status status, Metadata trailers) {

    private static final MetadataKey<byte[]> DETAILS = MetadataKey.binary("grpc-status-details-bin");

    /** The fields of Trailers-Only that are always there: {@code :status}, {@code content-type}, {@code grpc-status}. */
    private static final int USUAL_FIELDS = 160;

    /**
     * This ending, without {@code grpc-status-details-bin} if the peer would refuse the block for its size and so never
     * learn the status. The text of the status then says so.
     *
     * @param limit the peer's SETTINGS_MAX_HEADER_LIST_SIZE, in bytes
     * @param accepted what the block says of the encodings of requests, if anything
     */
    CallEnding within(long limit, @Nullable String accepted) {
        if (status.isOk() || !trailers.contains(DETAILS) || size(accepted) <= limit) {
            return this;
        }
        String note = "(" + DETAILS + " is left out: with it the trailers have " + size(accepted)
                + " bytes, and the caller takes " + limit + ")";
        String description = status.description();
        return new CallEnding(
                status.withDescription(description == null ? note : description + ' ' + note),
                trailers.toBuilder().remove(DETAILS).build());
    }

    /** The block as SETTINGS_MAX_HEADER_LIST_SIZE counts it; for Trailers-Only exact but for a few bytes too many. */
    private long size(@Nullable String accepted) {
        FieldListSize size = new FieldListSize().add(trailers);
        if (accepted != null) {
            size.add(GrpcHeaders.GRPC_ACCEPT_ENCODING, accepted.length());
        }
        if (status.description() != null) {
            size.add(
                    GrpcHeaders.GRPC_MESSAGE,
                    PercentEncoding.encode(status.description()).length());
        }
        return USUAL_FIELDS + size.sum();
    }
}
