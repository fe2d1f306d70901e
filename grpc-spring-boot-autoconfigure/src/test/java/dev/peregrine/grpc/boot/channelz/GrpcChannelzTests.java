// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.channelz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.client.GrpcClientAutoConfiguration;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.channelz.v1.Channelz;
import dev.peregrine.grpc.channelz.v1.GetServersRequest;
import dev.peregrine.grpc.channelz.v1.GetTopChannelsRequest;
import dev.peregrine.grpc.client.ManagedChannel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Channelz in an application; what it answers is the services module's to test. */
@Timeout(60)
class GrpcChannelzTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    GrpcServerAutoConfiguration.class,
                    GrpcClientAutoConfiguration.class,
                    GrpcChannelzAutoConfiguration.class))
            .withBean(Hello.class)
            .withPropertyValues(
                    "grpc.server.address=127.0.0.1", "grpc.server.port=0", "grpc.client.other.target=127.0.0.1:1");

    private static List<String> servicesOf(ApplicationContext context, String server) {
        return context.getBean(GrpcServers.class).server(server).services().stream()
                .map(service -> service.name())
                .toList();
    }

    @Test
    void channelzIsOffByDefault() {
        runner.run(
                context -> assertThat(servicesOf(context, GrpcServers.DEFAULT)).containsExactly(Greeter.NAME));
    }

    @Test
    void serversAndClientsOfTheApplicationAreShown() {
        runner.withPropertyValues("grpc.server.channelz.enabled=true")
                .withBean(Caller.class)
                .run(context -> {
                    try (ManagedChannel channel = Calls.channelTo(context)) {
                        Channelz.Client client = Channelz.Client.create(channel);

                        assertThat(client.getServers(GetServersRequest.getDefaultInstance())
                                        .getServerList())
                                .singleElement()
                                .satisfies(server -> assertThat(server.getRef().getName())
                                        .isEqualTo("127.0.0.1:"
                                                + context.getEnvironment().getProperty("local.grpc.server.port")));
                        assertThat(client.getTopChannels(GetTopChannelsRequest.getDefaultInstance())
                                        .getChannelList())
                                .singleElement()
                                .satisfies(shown ->
                                        assertThat(shown.getData().getTarget()).contains("127.0.0.1:1"));
                    }
                });
    }

    @Test
    void aServerOfItsOwnMayShowThem() {
        runner.withPropertyValues(
                        "grpc.server.channelz.enabled=true",
                        "grpc.server.channelz.server=admin",
                        "grpc.servers.admin.port=0",
                        "grpc.servers.admin.address=127.0.0.1")
                .run(context -> {
                    assertThat(servicesOf(context, "admin")).containsExactly(Channelz.NAME);
                    assertThat(servicesOf(context, GrpcServers.DEFAULT)).containsExactly(Greeter.NAME);
                });
    }

    @GrpcService
    static class Hello extends HelloService {}

    static class Caller {
        @GrpcClient("other")
        Greeter.Client other;
    }
}
