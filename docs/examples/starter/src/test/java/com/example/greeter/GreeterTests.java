// SPDX-License-Identifier: Apache-2.0
package com.example.greeter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.client.GrpcClient;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(
        properties = {"grpc.server.port=0", "grpc.client.greeter.target=127.0.0.1:${local.grpc.server.port}"})
class GreeterTests {

    @GrpcClient("greeter")
    private Greeter.Client greeter;

    @Test
    void somebodyIsGreeted() {
        HelloReply reply =
                greeter.sayHello(HelloRequest.newBuilder().setName("Ada").build());

        assertThat(reply.getMessage()).isEqualTo("Hello, Ada!");
    }
}
