// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.Parting;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.server.Server;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.task.TaskDecorator;
import org.springframework.util.unit.DataSize;

/** The code and the properties of {@code docs/client.md}, which are quoted from here, do what it says. */
class ClientGuideTests {

    @Test
    void thePropertiesMeanWhatTheGuideSays() throws Exception {
        StandardEnvironment environment = new StandardEnvironment();
        new YamlPropertySourceLoader()
                .load("guide", new ClassPathResource("guide/client.yml"))
                .forEach(environment.getPropertySources()::addLast);
        ClientSettings settings = new ClientSettings(environment);

        GrpcClientProperties greeter = settings.of("greeter");
        assertThat(greeter.deadline()).isEqualTo(Duration.ofSeconds(5));
        assertThat(greeter.ssl().isOn()).isTrue();
        GrpcClientProperties billing = settings.of("billing");
        assertThat(billing.deadline()).isEqualTo(Duration.ofSeconds(30));
        assertThat(billing.limits().maxMessageSize()).isEqualTo(DataSize.ofMegabytes(16));
        assertThat(billing.ssl().bundle()).isEqualTo("internal");
        assertThat(billing.metadata()).isEqualTo(Map.of("x-tenant", "acme"));
        GrpcClientProperties sidecar = settings.of("sidecar");
        assertThat(sidecar.ssl().isOn()).isFalse();
        assertThat(sidecar.propagate()).isEqualTo(new GrpcClientProperties.Propagate(true, false));
        assertThat(sidecar.keepalive().time()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void theCodeRuns() throws Exception {
        try (Server server = Calls.serve(new HelloService())) {
            ClientRunners.runner(server)
                    .withUserConfiguration(Clients.class, Interceptors.class, Customizers.class, Decorators.class)
                    .withBean(Greetings.class)
                    .withBean(Regions.class)
                    .withPropertyValues(
                            "grpc.client.billing.target=localhost:1",
                            "grpc.client.greeter-eu.target=" + ClientRunners.targetOf(server))
                    .run(context -> {
                        assertThat(sayHello(context.getBean(Greetings.class).greeter, "you"))
                                .isEqualTo("Hello you");
                        assertThat(context.getBean(Regions.class).ask("eu", "you"))
                                .isEqualTo("Hello you");
                        assertThat(context).hasBean("greeterClient").hasBean("billing-partingClient");
                    });
        }
    }

    static class Greetings {

        private final Greeter.Client greeter;

        Greetings(@GrpcClient("greeter") Greeter.Client greeter) {
            this.greeter = greeter;
        }
    }

    static class Regions {

        private final GrpcChannels channels;

        Regions(GrpcChannels channels) {
            this.channels = channels;
        }

        String ask(String region, String name) {
            Greeter.Client greeter = Greeter.Client.create(channels.channel("greeter-" + region));
            return greeter.sayHello(HelloRequest.newBuilder().setName(name).build())
                    .getMessage();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportGrpcClients(types = Greeter.Client.class)
    @ImportGrpcClients(client = "billing", prefix = "billing-", types = Parting.Client.class)
    static class Clients {}

    static class Interceptors {

        @Bean
        @GrpcGlobalClientInterceptor
        @Order(GrpcClientInterceptorOrder.APPLICATION)
        ClientInterceptor patience() {
            return new ClientInterceptor() {
                @Override
                public <Q, R> ClientCall<Q, R> intercept(
                        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
                    return next.newCall(method, options.withWaitForReady(true));
                }
            };
        }
    }

    static class Customizers {

        @Bean
        GrpcChannelCustomizer largeBills() {
            return (name, channel) -> {
                if (name.equals("billing")) {
                    channel.limits(limits -> limits.withMaxMessageSize(64 << 20));
                }
            };
        }
    }

    static class Decorators {

        @Bean
        TaskDecorator callOfTheTask() {
            return new GrpcCallTaskDecorator();
        }
    }
}
