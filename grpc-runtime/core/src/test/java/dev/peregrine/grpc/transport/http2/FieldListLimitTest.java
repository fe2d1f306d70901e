// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ConnectOptions;
import io.netty.handler.codec.http2.Http2CodecUtil;
import org.junit.jupiter.api.Test;

class FieldListLimitTest {

    private static final Metadata METADATA =
            Metadata.builder().addText("x-name", "value").build();

    /** {@code :status}, {@code content-type} and {@code x-name}, as RFC 9113 §6.5.2 counts them. */
    private static final int RESPONSE = 42 + 60 + 43;

    /** The same, with {@code grpc-status} of two digits. */
    private static final int TRAILERS = RESPONSE + 45;

    private final PeerSettings peer = new PeerSettings(false);
    private final FieldListLimit limit = new FieldListLimit(peer);

    @Test
    void responseHeadersAreCountedWithTheirEncodings() {
        accepting(RESPONSE);

        assertThat(limit.refusal(METADATA, null, null)).isNull();
        assertThat(limit.refusal(METADATA, "gzip", null)).isNotNull();
        assertThat(limit.refusal(METADATA, null, "identity,gzip")).isNotNull();
    }

    @Test
    void trailersAreCountedWithTheEncodingsThatAreAccepted() {
        accepting(TRAILERS);

        assertThat(limit.accepts(Status.OK, METADATA, null)).isTrue();
        assertThat(limit.accepts(Status.OK, METADATA, "identity,gzip")).isFalse();
    }

    @Test
    void requestsAreCountedWithTheirEncodings() {
        ConnectOptions options = ConnectOptions.of("agent");
        CallHead head = new CallHead("/a/B", "host", null, METADATA);
        int size = 0;
        for (accepting(size); limit.refusal(head, options) != null; size++) {
            accepting(size);
        }

        assertThat(limit.refusal(head, options.withAcceptEncoding("gzip"))).isNotNull();
        assertThat(limit.refusal(new CallHead("/a/B", "host", null, METADATA, "gzip"), options))
                .isNotNull();
    }

    private void accepting(int octets) {
        peer.set(Http2CodecUtil.SETTINGS_MAX_HEADER_LIST_SIZE, octets);
    }
}
