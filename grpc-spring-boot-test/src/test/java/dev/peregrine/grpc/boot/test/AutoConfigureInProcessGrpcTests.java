// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.boot.server.GrpcService;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** An application that is set up for the network with TLS and a proxy, called without a network. */
@SpringBootTest(
        properties = {
            "grpc.server.port=9090",
            "grpc.server.limits.max-message-size=1KB",
            "grpc.server.ssl.bundle=of-production",
            "grpc.servers.internal.port=9091",
            "grpc.client.default.deadline=1h",
            "grpc.client.default.ssl.enabled=true",
            "grpc.client.greeter.target=greeter.example:443",
            "grpc.client.greeter.limits.max-message-size=2KB",
            "grpc.client.greeter.proxy.host=proxy.example"
        })
@AutoConfigureInProcessGrpc
class AutoConfigureInProcessGrpcTests {

    @GrpcClient("greeter")
    private Greeter.Client greeter;

    @GrpcClient("withoutProperties")
    private Greeter.Client other;

    @Autowired
    private GrpcServers servers;

    @Autowired
    private Application.Service service;

    @Test
    void everyClientCallsTheServerWhichHasNoPort() {
        assertThat(sayHello(greeter, "you")).isEqualTo("Hello you");
        assertThat(sayHello(other, "you")).isEqualTo("Hello you");
        assertThat(servers.addresses("default")).hasOnlyElementsOfType(InProcessAddress.class);
    }

    @Test
    void limitsAndDeadlinesAreThoseOfProduction() {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> greeter.sayHello(HelloService.request("x".repeat(1100))))
                .satisfies(failure -> assertThat(failure.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
        service.seen.clear();
        greeter.sayHello(HelloService.request("you"));
        assertThat(service.seen.get(0).deadline().remaining())
                .isBetween(Duration.ofMinutes(50), Duration.ofMinutes(60));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Application.Service.class)
    static class Application {

        @GrpcService
        static class Service extends HelloService {}
    }
}
