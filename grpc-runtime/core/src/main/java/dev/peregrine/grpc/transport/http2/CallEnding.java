// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.wire.GrpcHeaders;
import dev.peregrine.grpc.wire.PercentEncoding;

/**
 * How a call ends, and what travels with it.
 *
 * @param trailers the metadata behind the status
 */
record CallEnding(Status status, Metadata trailers) {

    private static final MetadataKey<byte[]> DETAILS =
            MetadataKey.binary(GrpcHeaders.GRPC_STATUS_DETAILS_BIN.toString());

    /** RFC 9113, 6.5.2: a field counts its name, its value and 32 more. */
    private static final int FIELD_OVERHEAD = 32;

    /** The fields of Trailers-Only that are always there: {@code :status}, {@code content-type}, {@code grpc-status}. */
    private static final int USUAL_FIELDS = 3 * FIELD_OVERHEAD + 64;

    /**
     * This ending, without {@code grpc-status-details-bin} if the peer would refuse the block for its size and so never
     * learn the status. The text of the status then says so.
     *
     * @param limit the peer's SETTINGS_MAX_HEADER_LIST_SIZE, in bytes
     */
    CallEnding within(long limit) {
        if (status.isOk() || !trailers.contains(DETAILS) || size() <= limit) {
            return this;
        }
        String note = "(" + DETAILS + " is left out: with it the trailers have " + size()
                + " bytes, and the caller takes " + limit + ")";
        String description = status.description();
        return new CallEnding(
                status.withDescription(description == null ? note : description + ' ' + note),
                trailers.toBuilder().remove(DETAILS).build());
    }

    /** The block as SETTINGS_MAX_HEADER_LIST_SIZE counts it; for Trailers-Only exact but for a few bytes too many. */
    private long size() {
        Size size = new Size();
        trailers.forEach(size);
        if (status.description() != null) {
            size.add(
                    GrpcHeaders.GRPC_MESSAGE.length(),
                    PercentEncoding.encode(status.description()).length());
        }
        return size.bytes;
    }

    private static final class Size implements Metadata.Visitor {

        private long bytes = USUAL_FIELDS;

        void add(int name, int value) {
            bytes += name + value + FIELD_OVERHEAD;
        }

        @Override
        public void text(String name, String value) {
            add(name.length(), value.length());
        }

        /** Base64 without padding. */
        @Override
        public void binary(String name, byte[] value) {
            add(name.length(), (int) ((value.length * 4L + 2) / 3));
        }
    }
}
