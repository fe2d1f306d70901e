// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test.security;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.security.AccessControl;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.boot.server.GrpcService;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.test.context.support.WithMockUser;

/** Users that do not exist make calls, over a socket and within the process. */
@SpringBootTest(
        properties = {
            "grpc.server.address=127.0.0.1",
            "grpc.server.port=0",
            "grpc.servers.near.address=inprocess:mock-callers",
            "grpc.security.enabled=true",
            "grpc.security.rules[0].match=*",
            "grpc.security.rules[0].any-role=CLERK",
            "grpc.client.greeter.target=127.0.0.1:${local.grpc.server.port}",
            "grpc.client.near.target=inprocess:mock-callers"
        })
class MockCallersTests {

    @GrpcClient("greeter")
    private Greeter.Client greeter;

    @GrpcClient("near")
    private Greeter.Client near;

    @Autowired
    private AccessControl access;

    @Test
    @WithMockUser(username = "ann", roles = "CLERK")
    void aMockUserMakesTheCall() {
        assertThat(sayHello(greeter, "x")).isEqualTo("Hello ann");
        assertThat(sayHello(near, "x")).isEqualTo("Hello ann");
    }

    @Test
    @WithMockUser(username = "bob", roles = "GUEST")
    void aMockUserMayNotDoWhatARealOneMayNot() {
        assertThat(codeOf(greeter)).isEqualTo(StatusCode.PERMISSION_DENIED);
        assertThat(codeOf(near)).isEqualTo(StatusCode.PERMISSION_DENIED);
    }

    @Test
    void whoIsNobodyIsNobody() {
        assertThat(codeOf(greeter)).isEqualTo(StatusCode.UNAUTHENTICATED);
        assertThat(codeOf(near)).isEqualTo(StatusCode.UNAUTHENTICATED);
    }

    @Test
    void whatIsOpenIsAsserted() {
        GrpcOpenMethods.assertOnly(access);
        assertThatThrownBy(() -> GrpcOpenMethods.assertOnly(access, "fixture.Greeter/SayHello"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected to be open to everybody, and not: [fixture.Greeter/SayHello]");
    }

    private static StatusCode codeOf(Greeter.Client client) {
        return catchThrowableOfType(StatusException.class, () -> sayHello(client, "x"))
                .code();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Application.Service.class)
    static class Application {

        @GrpcService(servers = GrpcServers.ALL)
        static class Service extends HelloService {

            @Override
            public HelloReply sayHello(HelloRequest request) {
                return reply("Hello "
                        + SecurityContextHolder.getContext().getAuthentication().getName());
            }
        }
    }
}
