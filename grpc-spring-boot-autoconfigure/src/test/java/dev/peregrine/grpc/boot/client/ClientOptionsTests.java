// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.SlowService;
import dev.peregrine.grpc.boot.fixture.WitnessEncoding;
import dev.peregrine.grpc.server.Server;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What properties change between a client and its server, seen on the socket. */
@Timeout(60)
class ClientOptionsTests {

    /** RFC 9113 §6.5.2. */
    private static final int INITIAL_WINDOW_SIZE = 4;

    private static final int MAX_HEADER_LIST_SIZE = 6;

    private final ApplicationContextRunner runner = ClientRunners.runner().withBean(Caller.class);

    @Test
    void aServerIsToldTheWindowAndTheMetadataThatThePropertiesAllow() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Map<Integer, Integer>> told = CompletableFuture.supplyAsync(() -> settingsOf(server));
            runner.withPropertyValues(
                            "grpc.client.greeter.target=127.0.0.1:" + server.getLocalPort(),
                            "grpc.client.default.limits.stream-window=192KB",
                            "grpc.client.greeter.limits.max-metadata-size=3KB")
                    .run(context -> {
                        context.getBean(GrpcChannels.class).channel("greeter").connect();
                        assertThat(told.get(30, TimeUnit.SECONDS))
                                .containsEntry(INITIAL_WINDOW_SIZE, 192 * 1024)
                                .containsEntry(MAX_HEADER_LIST_SIZE, 3 * 1024);
                    });
        }
    }

    @Test
    void aCallThatFindsTooManyWaitingIsRefusedAsThePropertySays() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            runner.withPropertyValues(
                            "grpc.client.greeter.target=127.0.0.1:" + silent.getLocalPort(),
                            "grpc.client.greeter.limits.max-waiting-calls=1",
                            "grpc.client.greeter.shutdown.grace-period=0")
                    .run(context -> {
                        Greeter.AsyncClient greeter = context.getBean(Caller.class).async;
                        CompletableFuture<HelloReply> waits =
                                greeter.sayHello(HelloService.request("waits")).toCompletableFuture();
                        CompletableFuture<HelloReply> refused = greeter.sayHello(HelloService.request("refused"))
                                .toCompletableFuture();
                        assertThat(refused)
                                .failsWithin(20, TimeUnit.SECONDS)
                                .withThrowableOfType(Exception.class)
                                .havingCause()
                                .isInstanceOfSatisfying(
                                        StatusException.class,
                                        failure -> assertThat(failure.status().code())
                                                .isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
                        assertThat(waits).isNotDone();
                    });
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // where a full queue of a listening socket leaves the next client without an answer
    void anAddressThatDoesNotAnswerIsGivenUpAsThePropertySays() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> crowd = crowdBefore(full);
            try {
                runner.withPropertyValues(
                                "grpc.client.greeter.target=127.0.0.1:" + full.getLocalPort(),
                                "grpc.client.default.connect-timeout=123ms")
                        .run(context -> assertThatExceptionOfType(StatusException.class)
                                .isThrownBy(() -> sayHello(context.getBean(Caller.class).greeter, "you"))
                                .withMessageContaining("timed out after 123 ms"));
            } finally {
                for (Socket one : crowd) {
                    one.close();
                }
            }
        }
    }

    @Test
    void anIdleConnectionIsClosedAfterTheTimeOfTheProperty() throws IOException {
        HelloService service = new HelloService();
        try (Server server = serve(service, new WitnessEncoding())) {
            runner.withPropertyValues(
                            "grpc.client.greeter.target=" + ClientRunners.targetOf(server),
                            "grpc.client.greeter.idle-timeout=1ms")
                    .run(context -> {
                        Greeter.Client greeter = context.getBean(Caller.class).greeter;
                        await().atMost(30, TimeUnit.SECONDS).until(() -> {
                            sayHello(greeter, "you");
                            return service.seen.stream()
                                            .map(call -> call.peer().remote())
                                            .distinct()
                                            .count()
                                    > 1;
                        });
                    });
        }
    }

    @Test
    void encodingsAreBuiltInOnesAndBeans() throws IOException {
        WitnessEncoding ofServer = new WitnessEncoding();
        WitnessEncoding ofClient = new WitnessEncoding();
        try (Server server = serve(new HelloService(), ofServer)) {
            runner.withBean(WitnessEncoding.class, () -> ofClient)
                    .withPropertyValues(
                            "grpc.client.greeter.target=" + ClientRunners.targetOf(server),
                            "grpc.client.greeter.compression=witness")
                    .run(context -> {
                        sayHello(context.getBean(Caller.class).greeter, "x".repeat(5000));
                        assertThat(ofClient.compressed).as("requests").hasValue(1);
                        assertThat(ofClient.decompressed).as("responses").hasValue(1);
                    });
        }
    }

    @Test
    void anEncodingThatThePropertyLeavesOutIsNotOfferedToServers() throws IOException {
        WitnessEncoding ofServer = new WitnessEncoding();
        try (Server server = serve(new HelloService(), ofServer)) {
            ApplicationContextRunner restricted = runner.withBean(WitnessEncoding.class)
                    .withPropertyValues("grpc.client.greeter.target=" + ClientRunners.targetOf(server));
            restricted.withPropertyValues("grpc.client.greeter.encodings=gzip").run(context -> {
                sayHello(context.getBean(Caller.class).greeter, "x".repeat(5000));
                assertThat(ofServer.compressed).hasValue(0);
            });
            restricted.withPropertyValues("grpc.client.greeter.encodings=").run(context -> {
                sayHello(context.getBean(Caller.class).greeter, "x".repeat(5000));
                assertThat(ofServer.compressed).hasValue(0);
            });
            restricted
                    .withPropertyValues("grpc.client.greeter.encodings=gzip", "grpc.client.greeter.compression=witness")
                    .run(context -> assertThat(analysisOf(context).getDescription())
                            .isEqualTo("grpc.client.greeter.compression names the encoding 'witness', which is not"
                                    + " there. There are: identity,gzip."));
        }
    }

    @Test
    void aCallMayTakeLongerThanTheDeadlineOfAllWhereAClientHasNone() throws Exception {
        SlowService service = new SlowService();
        try (Server server = serve(service, new WitnessEncoding())) {
            runner.withPropertyValues(
                            "grpc.client.greeter.target=" + ClientRunners.targetOf(server),
                            "grpc.client.default.deadline=1ms",
                            "grpc.client.greeter.deadline=0")
                    .run(context -> {
                        CompletableFuture<HelloReply> call = context.getBean(Caller.class)
                                .async
                                .sayHello(HelloService.request("you"))
                                .toCompletableFuture();
                        assertThat(service.arrived.await(20, TimeUnit.SECONDS)).isTrue();
                        service.answer.countDown();
                        assertThat(call).succeedsWithin(20, TimeUnit.SECONDS);
                    });
        }
    }

    /** Its responses are compressed in the first place with this encoding. */
    private static Server serve(Greeter.Service service, WitnessEncoding encoding) throws IOException {
        return Server.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .encodings(encodings -> encodings.with(encoding))
                .compression("witness")
                .service(service)
                .start();
    }

    /** The SETTINGS of the next client, which come behind the preface (RFC 9113 §3.4). */
    private static Map<Integer, Integer> settingsOf(ServerSocket server) {
        try (Socket client = server.accept();
                DataInputStream in = new DataInputStream(client.getInputStream())) {
            in.readFully(new byte[24]);
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            assertThat(in.readUnsignedByte()).as("type of the first frame").isEqualTo(4);
            in.readFully(new byte[5]);
            Map<Integer, Integer> settings = new HashMap<>();
            for (int at = 0; at < length; at += 6) {
                settings.put(in.readUnsignedShort(), in.readInt());
            }
            return settings;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Connections that nobody accepts, as many as the socket's queue has room for. */
    private static List<Socket> crowdBefore(ServerSocket full) throws IOException {
        List<Socket> crowd = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Socket one = new Socket();
            try {
                one.connect(full.getLocalSocketAddress(), 1000);
                crowd.add(one);
            } catch (SocketTimeoutException noRoomLeft) {
                one.close();
                return crowd;
            }
        }
        throw new AssertionError("a queue of one took " + crowd.size());
    }

    static class Caller {

        @GrpcClient("greeter")
        private Greeter.Client greeter;

        @GrpcClient("greeter")
        private Greeter.AsyncClient async;
    }
}
