// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.wire.GrpcHeaders;

/**
 * Adds up the fields of a block before it is written, as SETTINGS_MAX_HEADER_LIST_SIZE counts them (RFC 9113 §6.5.2): each
 * its name, its value and 32 more. A block that has been written cannot be taken back, for the compression knows it.
 */
final class FieldListSize implements Metadata.Visitor {

    private static final int FIELD_OVERHEAD = 32;

    /** What base64 without padding makes of three octets. */
    private static final int BASE64_GROUP = 4;

    private long size;

    FieldListSize reset() {
        size = 0;
        return this;
    }

    FieldListSize add(CharSequence name, int valueLength) {
        size += name.length() + (long) valueLength + FIELD_OVERHEAD;
        return this;
    }

    FieldListSize add(Metadata metadata) {
        metadata.forEach(this);
        return this;
    }

    long sum() {
        return size;
    }

    @Override
    public void text(String name, String value) {
        if (!GrpcHeaders.isReserved(name)) {
            add(name, value.length());
        }
    }

    @Override
    public void binary(String name, byte[] value) {
        add(name, (int) Math.min(Integer.MAX_VALUE, ((long) value.length * BASE64_GROUP + 2) / 3));
    }
}
