// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.transport.KeepAlive;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What {@code docs/connections.md} quotes. */
class ConnectionsGuideTest {

    private static Server.Builder rotating(Server.Builder builder) {
        return builder.connections(policy -> policy.withMaxAge(Duration.ofMinutes(30), Duration.ofMinutes(1))
                .withMaxIdle(Duration.ofMinutes(5))
                .withPermittedPings(Duration.ofMinutes(1), true));
    }

    private static ManagedChannel watchful(String target) {
        return ManagedChannel.builder(target)
                .keepAlive(KeepAlive.every(Duration.ofMinutes(1)).evenWithoutCalls())
                .idleTimeout(Duration.ofMinutes(10))
                .build();
    }

    @Test
    void theGuidesExamplesBuildAndConnect() throws Exception {
        Server.Builder builder = Server.builder().address(new InetSocketAddress("127.0.0.1", 0));
        try (Server server = rotating(builder).start();
                ManagedChannel channel = watchful("127.0.0.1:" + server.port())) {
            assertThat(channel.state()).isEqualTo(ConnectivityState.IDLE);
        }
    }
}
