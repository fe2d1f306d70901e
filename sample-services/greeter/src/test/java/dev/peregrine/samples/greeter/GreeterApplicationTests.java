// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.greeter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.client.GrpcClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The application on a free port, called over the network. */
@SpringBootTest(
        properties = {
            "grpc.server.address=127.0.0.1",
            "grpc.server.port=0",
            "grpc.client.greeter.target=127.0.0.1:${local.grpc.server.port}"
        })
@ExtendWith(OutputCaptureExtension.class)
class GreeterApplicationTests {

    @GrpcClient("greeter")
    private Greeter.Client greeter;

    @Autowired
    private GreeterTour tour;

    @Test
    void somebodyIsGreeted() {
        assertThat(greeter.sayHello(name("Ada")).getMessage()).isEqualTo("Hello, Ada!");
    }

    @Test
    void somebodyIsGreetedInEveryLanguage() {
        try (var replies = greeter.sayHelloEverywhere(name("Ada"))) {
            assertThat(replies)
                    .extracting(HelloReply::getMessage)
                    .containsExactly("Hello, Ada!", "Hallo, Ada!", "Hola, Ada!", "Bonjour, Ada!", "Ciao, Ada!");
        }
    }

    @Test
    void everybodyIsGreetedAtOnce() {
        try (var call = greeter.sayHelloToAll()) {
            call.write(name("Ada"));
            call.write(name("Grace"));
            assertThat(call.finish().getMessage()).isEqualTo("Hello, Ada and Grace!");
        }
    }

    @Test
    void eachIsGreetedOnArrival() {
        List<String> greetings = new ArrayList<>();
        try (var call = greeter.sayHelloToEach()) {
            call.write(name("Ada"));
            greetings.add(call.read().getMessage());
            call.write(name("Grace"));
            greetings.add(call.read().getMessage());
            call.halfClose();
            assertThat(call.read()).isNull();
        }
        assertThat(greetings).containsExactly("Hello, Ada!", "Hello, Grace!");
    }

    @Test
    void theTourPrintsWhatWasAskedAndAnswered(CapturedOutput output) {
        tour.run(new DefaultApplicationArguments());
        assertThat(output)
                .contains("SayHello: one request, one reply", "-> Ada", "<- Hello, Ada!")
                .contains("SayHelloEverywhere: one request, many replies", "-> Grace", "<- Ciao, Grace!")
                .contains("SayHelloToAll: many requests, one reply", "<- Hello, Edsger and Barbara and Donald!")
                .contains("SayHelloToEach: many requests, many replies", "<- Hello, Alan!", "<- Hello, Frances!");
    }

    private static HelloRequest name(String name) {
        return HelloRequest.newBuilder().setName(name).build();
    }
}
