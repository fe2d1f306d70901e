// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Delegation;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.transport.CompressibleServerStream;
import org.junit.jupiter.api.Test;

class CompressingStreamTest {

    @Test
    void whateverTheStreamIsAskedReachesTheOneBehindIt() throws Exception {
        Delegation.isComplete(
                CompressibleServerStream.class,
                stream -> new CompressingStream(
                        stream, MessageEncodings.DEFAULT.require("gzip"), () -> {}, () -> {}, true));
    }
}
