// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What people read when their application does not start: Spring Boot's report instead of a stack trace. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureReportTests {

    @Test
    void aFailureOfTheServerIsReported(CapturedOutput output) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            failToStart(Serves.class, "--grpc.server.address=127.0.0.1", "--grpc.server.port=" + taken.getLocalPort());
            assertThat(output)
                    .containsSubsequence(
                            "APPLICATION FAILED TO START",
                            "Description:",
                            "The gRPC server does not start: cannot listen on",
                            "127.0.0.1:" + taken.getLocalPort(),
                            "Action:",
                            "If another process listens there, stop it")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aFailureOfAClientIsReported(CapturedOutput output) {
        failToStart(Calls.class);
        assertThat(output)
                .containsSubsequence(
                        "APPLICATION FAILED TO START",
                        "Description:",
                        "The gRPC client 'greeter' has no target",
                        "No client has one.",
                        "Action:",
                        "Set the property grpc.client.greeter.target")
                .doesNotContain("\tat ");
    }

    private static void failToStart(Class<?> application, String... arguments) {
        assertThatException()
                .isThrownBy(() -> new SpringApplicationBuilder(application)
                        .web(WebApplicationType.NONE)
                        .run(arguments)
                        .close());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Serves.Service.class)
    static class Serves {

        @GrpcService
        static class Service extends HelloService {}
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Calls {

        @GrpcClient("greeter")
        Greeter.Client greeter;
    }
}
