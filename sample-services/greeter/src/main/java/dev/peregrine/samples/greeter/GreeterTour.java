// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.greeter;

import dev.peregrine.grpc.boot.client.GrpcClient;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Calls the service in each of the four ways and prints what was asked and what was answered. It is lazy because its
 * server is this very application: the tour is made when it runs, and by then the server has its port.
 */
@Component
@Lazy
class GreeterTour implements ApplicationRunner {

    private final Greeter.Client greeter;

    GreeterTour(@GrpcClient("greeter") Greeter.Client greeter) {
        this.greeter = greeter;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        oneRequestOneReply();
        oneRequestManyReplies();
        manyRequestsOneReply();
        manyRequestsManyReplies();
    }

    private void oneRequestOneReply() {
        title("SayHello: one request, one reply");
        HelloReply reply = greeter.sayHello(asking("Ada"));
        answered(reply);
    }

    private void oneRequestManyReplies() {
        title("SayHelloEverywhere: one request, many replies");
        try (var replies = greeter.sayHelloEverywhere(asking("Grace"))) {
            replies.forEach(GreeterTour::answered);
        }
    }

    private void manyRequestsOneReply() {
        title("SayHelloToAll: many requests, one reply");
        try (var call = greeter.sayHelloToAll()) {
            call.write(asking("Edsger"));
            call.write(asking("Barbara"));
            call.write(asking("Donald"));
            answered(call.finish());
        }
    }

    private void manyRequestsManyReplies() {
        title("SayHelloToEach: many requests, many replies");
        try (var call = greeter.sayHelloToEach()) {
            call.write(asking("Alan"));
            answered(call.read());
            call.write(asking("Frances"));
            answered(call.read());
            call.halfClose();
            call.forEach(GreeterTour::answered);
        }
    }

    private static void title(String text) {
        System.out.println();
        System.out.println(text);
    }

    private static HelloRequest asking(String name) {
        System.out.println("  -> " + name);
        return HelloRequest.newBuilder().setName(name).build();
    }

    private static void answered(HelloReply reply) {
        System.out.println("  <- " + reply.getMessage());
    }
}
