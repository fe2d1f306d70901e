// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.codec.GzipEncoding;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.codec.zstd.ZstdEncoding;
import dev.peregrine.grpc.server.Server;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** What {@code docs/compression.md} quotes. */
class CompressionGuideTest {

    private static Server.Builder fasterAndSmaller(Server.Builder builder) {
        return builder.encodings(encodings -> encodings
                .with(ZstdEncoding.DEFAULT) // beside gzip
                .with(GzipEncoding.ofLevel(1))); // a faster gzip
    }

    private static Server.Builder refusing(Server.Builder builder) {
        return builder.encodings(encodings -> MessageEncodings.NONE); // refuses compressed requests
    }

    @Test
    void theGuidesServersStart() throws Exception {
        try (Server both = fasterAndSmaller(local()).start();
                Server none = refusing(local()).start()) {
            assertThat(both.port()).isNotEqualTo(none.port());
        }
    }

    private static Server.Builder local() {
        return Server.builder().address(new InetSocketAddress("127.0.0.1", 0));
    }
}
