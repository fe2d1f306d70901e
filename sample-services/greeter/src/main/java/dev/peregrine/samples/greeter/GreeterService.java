// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.greeter;

import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.stub.RequestReader;
import dev.peregrine.grpc.stub.ResponseWriter;
import java.util.ArrayList;
import java.util.List;

/** Plain Java: each call has a thread of its own, so reading and writing may simply wait. */
@GrpcService
class GreeterService implements Greeter.Service {

    private static final List<String> HELLOS = List.of("Hello", "Hallo", "Hola", "Bonjour", "Ciao");

    @Override
    public HelloReply sayHello(HelloRequest request) {
        return reply("Hello, " + request.getName() + "!");
    }

    @Override
    public void sayHelloEverywhere(HelloRequest request, ResponseWriter<HelloReply> replies) {
        for (String hello : HELLOS) {
            replies.write(reply(hello + ", " + request.getName() + "!"));
        }
    }

    @Override
    public HelloReply sayHelloToAll(RequestReader<HelloRequest> requests) {
        List<String> names = new ArrayList<>();
        for (HelloRequest request : requests) {
            names.add(request.getName());
        }
        return reply("Hello, " + String.join(" and ", names) + "!");
    }

    @Override
    public void sayHelloToEach(RequestReader<HelloRequest> requests, ResponseWriter<HelloReply> replies) {
        for (HelloRequest request : requests) {
            replies.write(sayHello(request));
        }
    }

    private static HelloReply reply(String message) {
        return HelloReply.newBuilder().setMessage(message).build();
    }
}
