// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.transport.http2.Http2Transport;
import dev.peregrine.grpc.transport.inprocess.InProcessTransport;
import java.net.InetSocketAddress;
import java.util.List;

/** The transports that keep the contract. */
final class Transports {

    static final List<TransportUnderTest> ALL = List.of(
            TransportUnderTest.of(
                    "HTTP/2 over TCP with NIO", new Http2Transport(), () -> new InetSocketAddress("127.0.0.1", 0)),
            TransportUnderTest.of("in-process", new InProcessTransport(), () -> InProcessAddress.unique("contract")));

    private Transports() {}
}
