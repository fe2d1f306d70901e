// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import dev.peregrine.grpc.interop.proto.SimpleResponse;
import dev.peregrine.grpc.interop.proto.TestService;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.tls.ClientAuth;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.tls.TlsTrust;
import io.grpc.Grpc;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.testing.TlsTesting;
import io.grpc.testing.integration.Messages;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TLS with grpc-java, certificates on both ends, with the certificates that grpc-java brings for tests. */
@Timeout(60)
class GrpcJavaTlsTests {

    /** One of the names that {@code server1.pem} is for. */
    private static final String SERVER_NAME = "foo.test.google.fr";

    private static final int LARGE = 1_000_000;

    @Test
    void grpcJavaCallsOurServer() throws Exception {
        ServerTls tls = ServerTls.of(TlsIdentity.ofPem(read("server1.pem"), read("server1.key")))
                .withClientAuth(ClientAuth.REQUIRE, TlsTrust.ofPem(read("ca.pem")));
        try (Server server = Server.builder()
                .address(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0))
                .tls(tls)
                .service(new Zeros())
                .start()) {
            io.grpc.ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                            "127.0.0.1",
                            server.port(),
                            TlsChannelCredentials.newBuilder()
                                    .keyManager(open("client.pem"), open("client.key"))
                                    .trustManager(open("ca.pem"))
                                    .build())
                    .overrideAuthority(SERVER_NAME)
                    .build();
            try {
                Messages.SimpleResponse response = TestServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(30, TimeUnit.SECONDS)
                        .unaryCall(Messages.SimpleRequest.newBuilder()
                                .setResponseSize(LARGE)
                                .build());
                assertThat(response.getPayload().getBody().size()).isEqualTo(LARGE);
            } finally {
                channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void weCallAServerOfGrpcJava() throws Exception {
        ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
        io.grpc.Server server = NettyServerBuilder.forAddress(
                        new InetSocketAddress("127.0.0.1", 0),
                        TlsServerCredentials.newBuilder()
                                .keyManager(open("server1.pem"), open("server1.key"))
                                .trustManager(open("ca.pem"))
                                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                                .build())
                .addService(new TestServiceImpl(executor))
                .build()
                .start();
        ClientTls tls = ClientTls.trusting(TlsTrust.ofPem(read("ca.pem")))
                .withIdentity(TlsIdentity.ofPem(read("client.pem"), read("client.key")));
        try (ManagedChannel channel = ManagedChannel.builder("127.0.0.1:" + server.getPort())
                .tls(tls)
                .authority(SERVER_NAME)
                .build()) {
            SimpleRequest request =
                    SimpleRequest.newBuilder().setResponseSize(LARGE).build();
            TestService.Client client = TestService.Client.create(channel)
                    .withCallOptions(CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(30)));
            assertThat(client.unaryCall(request).getPayload().getBody().size()).isEqualTo(LARGE);
        } finally {
            server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            executor.shutdownNow();
        }
    }

    /** Answers with as many zeros as were asked for. */
    private static final class Zeros implements TestService.Service {

        @Override
        public SimpleResponse unaryCall(SimpleRequest request) {
            return SimpleResponse.newBuilder()
                    .setPayload(Payloads.zeros(request.getResponseSize()))
                    .build();
        }
    }

    private static byte[] read(String name) throws IOException {
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        }
    }

    private static InputStream open(String name) {
        return TlsTesting.loadCert(name);
    }
}
