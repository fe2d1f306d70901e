// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import dev.peregrine.grpc.boot.actuate.GrpcReport.ConnectionReport;
import dev.peregrine.grpc.boot.actuate.GrpcReport.CountsReport;
import dev.peregrine.grpc.boot.actuate.GrpcReport.MethodReport;
import dev.peregrine.grpc.boot.actuate.GrpcReport.ServerReport;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.client.GrpcClientAutoConfiguration;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.SlowService;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What operators see, of calls over a socket. */
@Timeout(60)
class GrpcActuatorTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    GrpcServerAutoConfiguration.class,
                    GrpcClientAutoConfiguration.class,
                    GrpcActuatorAutoConfiguration.class))
            .withBean(Slow.class)
            .withPropertyValues(
                    "grpc.server.address=127.0.0.1",
                    "grpc.server.port=0",
                    "grpc.client.other.target=127.0.0.1:1",
                    "management.endpoints.web.exposure.include=grpc");

    @Test
    void anOpenCallIsShownWithItsAgeAndItsDeadline() {
        runner.run(context -> {
            SlowService service = context.getBean(SlowService.class);
            try (ManagedChannel channel = Calls.channelTo(context)) {
                CompletableFuture<HelloReply> reply = Greeter.AsyncClient.create(channel)
                        .withDeadlineAfter(Duration.ofHours(1))
                        .sayHello(HelloService.request("you"))
                        .toCompletableFuture();
                assertThat(service.arrived.await(20, TimeUnit.SECONDS)).isTrue();

                ServerReport server = context.getBean(GrpcEndpoint.class)
                        .grpc(null, null, null)
                        .servers()
                        .get("default");

                String port = context.getEnvironment().getProperty("local.grpc.server.port");
                assertThat(server.running()).isTrue();
                assertThat(server.addresses()).containsExactly("127.0.0.1:" + port);
                assertThat(server.services().get(Greeter.NAME))
                        .containsEntry("SayHello", new MethodReport("UNARY", "BLOCKING", null))
                        .containsEntry("Watch", new MethodReport("SERVER_STREAMING", "BLOCKING", null));
                assertThat(server.connections().open()).isOne();
                ConnectionReport connection = server.connections().shown().get(0);
                assertThat(connection.local()).isEqualTo("127.0.0.1:" + port);
                assertThat(connection.remote()).startsWith("127.0.0.1:");
                assertThat(connection.tls()).isNull();
                assertThat(connection.calls()).singleElement().satisfies(call -> {
                    assertThat(call.method()).isEqualTo(Greeter.NAME + "/SayHello");
                    assertThat(Duration.parse(call.age())).isLessThan(Duration.ofMinutes(1));
                    assertThat(Duration.parse(call.remaining())).isBetween(Duration.ofMinutes(58), Duration.ofHours(1));
                });

                service.answer.countDown();
                reply.get(20, TimeUnit.SECONDS);
                assertThat(context.getBean(GrpcEndpoint.class)
                                .grpc(0, 0, null)
                                .servers()
                                .get("default")
                                .connections())
                        .satisfies(after -> {
                            assertThat(after.counts()).isEqualTo(new CountsReport(1, 1, 0));
                            assertThat(after.shown()).isEmpty();
                        });
            } finally {
                service.answer.countDown();
            }
        });
    }

    /** Over JMX, which needs no web server to find the endpoint, ask it, and write what it answers. */
    @Test
    void theAnswerIsWhatTheManualShows() {
        runner.withConfiguration(AutoConfigurations.of(
                        JmxAutoConfiguration.class,
                        EndpointAutoConfiguration.class,
                        JmxEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "spring.jmx.enabled=true",
                        "management.endpoints.jmx.domain=GrpcActuatorTests",
                        "management.endpoints.jmx.exposure.include=grpc")
                .withBean(Caller.class)
                .run(context -> {
                    try (ManagedChannel channel = Calls.channelTo(context)) {
                        context.getBean(SlowService.class).answer.countDown();
                        Calls.sayHello(Greeter.Client.create(channel), "you");

                        Object answer = context.getBean(MBeanServer.class)
                                .invoke(
                                        new ObjectName("GrpcActuatorTests:type=Endpoint,name=Grpc"),
                                        "grpc",
                                        new Object[] {null, null, null},
                                        new String[0]);

                        DocumentContext json = JsonPath.parse(answer);
                        assertThat(json.<String>read("$.servers.default.services['fixture.Greeter'].SayHello.mode"))
                                .isEqualTo("BLOCKING");
                        assertThat(json.read("$.servers.default.connections.counts.succeeded", Long.class))
                                .isOne();
                        assertThat(json.<Map<String, Object>>read("$.servers.default.connections.shown[0]"))
                                .containsOnlyKeys(
                                        "id",
                                        "remote",
                                        "local",
                                        "tls",
                                        "age",
                                        "draining",
                                        "counts",
                                        "openCalls",
                                        "calls");
                        assertThat(json.<Map<String, Object>>read("$.clients.other"))
                                .containsOnlyKeys("target", "authority", "state", "connections");
                    }
                });
    }

    @Test
    void clientsAreShownWithTheirState() {
        runner.withBean(Caller.class)
                .run(context -> assertThat(context.getBean(GrpcEndpoint.class)
                                .grpc(null, null, null)
                                .clients())
                        .hasEntrySatisfying("other", client -> {
                            assertThat(client.target()).contains("127.0.0.1:1");
                            assertThat(client.state()).isEqualTo("IDLE");
                        }));
    }

    @Test
    void whatIsAskedTooMuchOfIsCutToWhatThereMayBe() {
        runner.run(context -> assertThat(context.getBean(GrpcEndpoint.class)
                        .grpc(Integer.MAX_VALUE, -1, -1L)
                        .servers())
                .containsKey("default"));
    }

    @Test
    void anEndpointThatIsNotExposedIsNotThere() {
        runner.withPropertyValues("management.endpoints.web.exposure.include=info")
                .run(context -> assertThat(context).doesNotHaveBean(GrpcEndpoint.class));
    }

    @Test
    void withoutActuatorNothingIsAmiss() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("grpcEndpoint"));
    }

    @Test
    void infoTellsServersAndServicesIfItIsSwitchedOn() {
        runner.run(context -> assertThat(context).doesNotHaveBean(GrpcInfoContributor.class));
        runner.withPropertyValues("management.info.grpc.enabled=true").run(context -> {
            Info.Builder info = new Info.Builder();
            context.getBean(GrpcInfoContributor.class).contribute(info);
            String port = context.getEnvironment().getProperty("local.grpc.server.port");
            assertThat(info.build().get("grpc"))
                    .isEqualTo(Map.of(
                            "servers",
                            Map.of(
                                    "default",
                                    Map.of(
                                            "addresses",
                                            List.of("127.0.0.1:" + port),
                                            "services",
                                            List.of(Greeter.NAME)))));
        });
    }

    @GrpcService
    static class Slow extends SlowService {}

    static class Caller {
        @GrpcClient("other")
        Greeter.Client other;
    }
}
