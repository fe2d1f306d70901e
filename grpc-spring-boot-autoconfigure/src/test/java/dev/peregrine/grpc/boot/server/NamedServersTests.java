// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static dev.peregrine.grpc.boot.server.TwoServers.channelTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.SlowService;
import dev.peregrine.grpc.client.ManagedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

/** Several servers of one application come and go together, and tell where they are. */
@Timeout(60)
class NamedServersTests {

    private final ApplicationContextRunner runner = TwoServers.runner();

    @Test
    void theServersTellWhereTheyAre() {
        runner.withBean(TwoServers.InternalParting.class)
                .withPropertyValues("grpc.servers.spare.port=0", "grpc.servers.gone.enabled=false")
                .run(context -> {
                    GrpcServers servers = context.getBean(GrpcServers.class);
                    assertThat(servers.names()).containsExactly("default", "internal", "spare");
                    assertThat(servers.isRunning("internal")).isTrue();
                    assertThat(servers.isRunning("spare"))
                            .as("nothing to serve")
                            .isFalse();
                    assertThat(servers.port("internal")).isNotEqualTo(servers.port("default"));
                    assertThat(servers.server("internal").port()).isEqualTo(servers.port("internal"));
                    assertThat(context.getEnvironment().getProperty("local.grpc.server.port"))
                            .isEqualTo("" + servers.port("default"));
                    assertThat(context.getEnvironment().getProperty("local.grpc.server.internal.port"))
                            .isEqualTo("" + servers.port("internal"));
                    assertThatIllegalStateException()
                            .isThrownBy(() -> servers.port("spare"))
                            .withMessage("the gRPC server 'spare' does not run (running: [default, internal])");
                });
    }

    @Test
    void startAndEndOfEachServerAreTold() {
        Diary diary = new Diary();
        runner.withBean(TwoServers.InternalParting.class)
                .withBean(Diary.class, () -> diary)
                .run(context -> {
                    GrpcServers servers = context.getBean(GrpcServers.class);
                    int first = servers.port("default");
                    int second = servers.port("internal");
                    assertThat(diary.entries).containsExactly("start default " + first, "start internal " + second);
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class)
                            .close();
                    assertThat(diary.entries).hasSize(4).contains("stop default " + first, "stop internal " + second);
                    assertThat(servers.isRunning("default")).isFalse();
                });
    }

    @Test
    void allServersDrainAtOnceAndTheirCallsAreAnswered() {
        SlowService outside = new SlowOutside();
        SlowService inside = new SlowInside();
        ServerRunners.runner()
                .withPropertyValues("grpc.servers.internal.port=0", "grpc.servers.internal.address=127.0.0.1")
                .withBean("outside", SlowOutside.class, () -> (SlowOutside) outside)
                .withBean("inside", SlowInside.class, () -> (SlowInside) inside)
                .run(context -> {
                    GrpcServers servers = context.getBean(GrpcServers.class);
                    try (ManagedChannel one = channelTo(servers, "default");
                            ManagedChannel other = channelTo(servers, "internal")) {
                        CompletableFuture<HelloReply> first = callSlowly(one, outside);
                        CompletableFuture<HelloReply> second = callSlowly(other, inside);
                        CompletableFuture<Void> closed = CompletableFuture.runAsync(
                                context.getSourceApplicationContext(ConfigurableApplicationContext.class)::close);
                        await().until(() -> refuses(servers, "default") && refuses(servers, "internal"));
                        assertThat(closed).isNotDone();

                        inside.answer.countDown();
                        assertThat(second.get(20, TimeUnit.SECONDS).getMessage())
                                .startsWith("Hello");
                        outside.answer.countDown();
                        assertThat(first.get(20, TimeUnit.SECONDS).getMessage()).startsWith("Hello");
                        closed.get(20, TimeUnit.SECONDS);
                    } finally {
                        inside.answer.countDown();
                        outside.answer.countDown();
                    }
                });
    }

    @Test
    void aServerThatDoesNotStartTakesTheOthersAlong() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            free = socket.getLocalPort();
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            runner.withBean(TwoServers.InternalParting.class)
                    .withPropertyValues(
                            "grpc.server.port=" + free, "grpc.servers.internal.port=" + taken.getLocalPort())
                    .run(context -> {
                        assertThat(analysisOf(context).getDescription())
                                .startsWith("The gRPC server 'internal' does not start: cannot listen on");
                        assertThat(analysisOf(context).getAction()).contains("grpc.servers.internal.port");
                        assertThat(isFree(free))
                                .as("at once, for whoever tries again")
                                .isTrue();
                    });
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void eachServerHasALineUnlessStartUpInfoIsOff(CapturedOutput output) {
        runner.withBean(TwoServers.InternalParting.class).run(context -> {
            GrpcServers servers = context.getBean(GrpcServers.class);
            assertThat(output)
                    .containsOnlyOnce("gRPC server listens on 127.0.0.1:" + servers.port("default"))
                    .containsOnlyOnce("gRPC server 'internal' listens on 127.0.0.1:" + servers.port("internal"));
        });
        runner.withPropertyValues("spring.main.log-startup-info=false")
                .run(context -> assertThat(output)
                        .doesNotContain("listens on 127.0.0.1:"
                                + context.getBean(GrpcServers.class).port("default")));
    }

    /** Whether nobody listens any more. */
    private static boolean refuses(GrpcServers servers, String server) {
        try (Socket socket = new Socket("127.0.0.1", servers.port(server))) {
            return !socket.isConnected();
        } catch (IOException refused) {
            return true;
        }
    }

    private static CompletableFuture<HelloReply> callSlowly(ManagedChannel channel, SlowService service)
            throws InterruptedException {
        CompletableFuture<HelloReply> reply = Greeter.AsyncClient.create(channel)
                .sayHello(HelloService.request("you"))
                .toCompletableFuture();
        assertThat(service.arrived.await(20, TimeUnit.SECONDS)).isTrue();
        return reply;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    @GrpcService
    static class SlowOutside extends SlowService {}

    @GrpcService(servers = "internal")
    static class SlowInside extends SlowService {}

    static class Diary {

        final List<String> entries = new CopyOnWriteArrayList<>();

        @EventListener
        void started(GrpcServerStartedEvent event) {
            entries.add("start " + event.getName() + " " + event.getPort().getAsInt());
        }

        @EventListener
        void stopped(GrpcServerStoppedEvent event) {
            entries.add("stop " + event.getName() + " " + event.getPort().getAsInt());
        }
    }
}
