// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcService;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A test as applications write it: the whole application, found by auto-configuration, on a free port. */
@SpringBootTest(
        properties = {
            "grpc.server.address=127.0.0.1",
            "grpc.server.port=0",
            "grpc.client.greeter.target=127.0.0.1:${local.grpc.server.port}"
        })
class LocalGrpcServerPortTests {

    @LocalGrpcServerPort
    private int port;

    @GrpcClient("greeter")
    private Greeter.Client greeter;

    @Test
    void aTestIsToldThePort() {
        assertThat(port).isBetween(1, 65_535);
    }

    @Test
    void aTestMayHaveAClientOfTheServer() {
        assertThat(sayHello(greeter, "test")).isEqualTo("Hello test");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Application.Service.class)
    static class Application {

        @GrpcService
        static class Service extends HelloService {}
    }
}
