// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks;

import com.google.protobuf.ByteString;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Many connections to one server, from as many addresses of the loopback interface as it takes. */
final class Crowd implements AutoCloseable {

    /** Below what a server of ours takes from one address, and far below the ports that one address has. */
    private static final int CONNECTIONS_PER_ADDRESS = 500;

    /** What servers allow by default, grpc-java's having no bound. */
    private static final int STREAMS_PER_CONNECTION = 100;

    private static final byte[] MESSAGE = EchoMessage.newBuilder()
            .setPayload(ByteString.copyFromUtf8("sixty-four bytes".repeat(4)))
            .build()
            .toByteArray();

    private final int port;
    private final List<RawConnection> connections = new ArrayList<>();

    Crowd(int port) {
        this.port = port;
    }

    void connect(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int address = connections.size() / CONNECTIONS_PER_ADDRESS;
            byte[] from = {127, 0, (byte) (address / 250), (byte) (1 + address % 250)};
            connections.add(RawConnection.open(InetAddress.getByAddress(from), port));
        }
    }

    /** Connects for streams, without opening any. */
    void connectForStreams(int streams) throws IOException {
        connect((streams + STREAMS_PER_CONNECTION - 1) / STREAMS_PER_CONNECTION);
    }

    /** Opens calls evenly over the connections; each has had one message answered. */
    void openStreams(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            connections.get(i % connections.size()).openStream(MESSAGE);
        }
    }

    @Override
    public void close() throws IOException {
        for (RawConnection connection : connections) {
            connection.close();
        }
    }
}
