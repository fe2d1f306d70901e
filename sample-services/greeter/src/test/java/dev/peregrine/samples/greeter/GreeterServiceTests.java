// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.greeter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service by itself, without a port and without Spring. */
class GreeterServiceTests {

    private Server server;
    private ManagedChannel channel;
    private Greeter.Client greeter;

    @BeforeEach
    void start() throws IOException {
        InProcessAddress address = InProcessAddress.unique("greeter");
        server = Server.builder().address(address).service(new GreeterService()).start();
        channel = ManagedChannel.builder(address.toString()).build();
        greeter = Greeter.Client.create(channel);
    }

    @AfterEach
    void stop() {
        channel.close();
        server.close();
    }

    @Test
    void somebodyIsGreeted() {
        assertThat(greeter.sayHello(name("Ada")).getMessage()).isEqualTo("Hello, Ada!");
    }

    @Test
    void theFirstOfManyGreetingsIsEnough() {
        try (var replies = greeter.sayHelloEverywhere(name("Ada"))) {
            assertThat(replies.read().getMessage()).isEqualTo("Hello, Ada!");
        }
    }

    private static HelloRequest name(String name) {
        return HelloRequest.newBuilder().setName(name).build();
    }
}
