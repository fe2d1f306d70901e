// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.Parting;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** An application with two servers, and calls of both. */
final class TwoServers {

    private TwoServers() {}

    /** The default server, with a service on it, and one that is called internal. */
    static ApplicationContextRunner runner() {
        return ServerRunners.runner()
                .withBean(PublicGreeter.class)
                .withPropertyValues("grpc.servers.internal.port=0", "grpc.servers.internal.address=127.0.0.1");
    }

    static String hello(ApplicationContext context, String server) {
        return hello(context, server, "you");
    }

    static String hello(ApplicationContext context, String server, String name) {
        return with(context, server, channel -> Calls.sayHello(Greeter.Client.create(channel), name));
    }

    static String hello(ManagedChannel channel) {
        return Calls.sayHello(Greeter.Client.create(channel), "you");
    }

    static String goodbye(ApplicationContext context, String server) {
        return with(context, server, TwoServers::goodbye);
    }

    static String goodbye(ManagedChannel channel) {
        return Parting.Client.create(channel)
                .sayGoodbye(HelloService.request("you"))
                .getMessage();
    }

    static String with(ApplicationContext context, String server, Function<ManagedChannel, String> call) {
        try (ManagedChannel channel = channelTo(context.getBean(GrpcServers.class), server)) {
            return call.apply(channel);
        }
    }

    static ManagedChannel channelTo(GrpcServers servers, String server) {
        return ManagedChannel.builder("127.0.0.1:" + servers.port(server)).build();
    }

    @GrpcService
    static class PublicGreeter extends HelloService {}

    @GrpcService(servers = "internal")
    static class InternalGreeter extends HelloService {

        @Override
        public HelloReply sayHello(HelloRequest request) {
            return reply("Hello insider");
        }
    }

    static class Farewell implements Parting.Service {

        @Override
        public HelloReply sayGoodbye(HelloRequest request) {
            return HelloService.reply("Goodbye " + request.getName());
        }
    }

    @GrpcService
    static class PlainParting extends Farewell {}

    @GrpcService(servers = "internal")
    static class InternalParting extends Farewell {}

    static class Witness implements ServerInterceptor {

        final List<String> saw = new CopyOnWriteArrayList<>();

        @Override
        public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
            return call -> {
                saw.add(method.fullName());
                return next.handle(call);
            };
        }
    }
}
