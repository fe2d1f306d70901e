// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test.slice;

import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.Parting;
import dev.peregrine.grpc.boot.server.GrpcService;
import org.springframework.stereotype.Component;

/** What {@link SlicedApplication} consists of. */
final class SlicedComponents {

    private SlicedComponents() {}

    @GrpcService
    static class GreeterService implements Greeter.Service {

        private final Greetings greetings;

        GreeterService(Greetings greetings) {
            this.greetings = greetings;
        }

        @Override
        public HelloReply sayHello(HelloRequest request) {
            return HelloService.reply(greetings.greetingOf(request.getName()));
        }
    }

    @GrpcService
    static class PartingService implements Parting.Service {}

    /** What a test of the services replaces. */
    interface Greetings {
        String greetingOf(String name);
    }

    @Component
    static class ExpensiveGreetings implements Greetings {

        ExpensiveGreetings() {
            throw new IllegalStateException("no part of the slice");
        }

        @Override
        public String greetingOf(String name) {
            return "expensive";
        }
    }
}
