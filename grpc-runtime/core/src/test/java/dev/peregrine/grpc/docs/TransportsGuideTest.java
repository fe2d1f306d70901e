// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.transport.HttpProxy;
import dev.peregrine.grpc.transport.ProxyProtocol;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/transports.md} quotes. */
class TransportsGuideTest {

    private static Server.Builder onAFile(Server.Builder builder, Path socket) {
        return builder.unixSocket(socket); // such as /run/greeter/greeter.sock
    }

    private static ManagedChannel toAFile(Path socket) {
        return ManagedChannel.builder("unix:" + socket).build();
    }

    private static ManagedChannel throughAProxy(String user, String password) {
        return ManagedChannel.builder("api.example:443")
                .proxy(HttpProxy.of("proxy.example", 3128).withCredentials(user, password))
                .build();
    }

    private static Server.Builder behindAProxy(Server.Builder builder) {
        return builder.proxyProtocol(ProxyProtocol.REQUIRED);
    }

    @Test
    void theGuidesUnixSocketIsThereWhileTheServerRuns(@TempDir Path directory) throws Exception {
        Path socket = directory.resolve("greeter.sock");
        try (Server server = onAFile(Server.builder(), socket).start();
                ManagedChannel channel = toAFile(socket)) {
            assertThat(server.addresses()).hasSize(1);
            assertThat(socket).exists();
            assertThat(channel.state()).isEqualTo(ConnectivityState.IDLE);
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void theGuidesProxiesAreTaken() throws Exception {
        Server.Builder builder = Server.builder().address(new InetSocketAddress("127.0.0.1", 0));
        try (Server server = behindAProxy(builder).start();
                ManagedChannel channel = throughAProxy("ada", "secret")) {
            assertThat(server.port()).isPositive();
            assertThat(channel.state()).isEqualTo(ConnectivityState.IDLE);
        }
    }
}
