// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.aot;

import static dev.peregrine.grpc.boot.fixture.HelloService.request;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.client.GrpcClientAutoConfiguration;
import dev.peregrine.grpc.boot.client.ImportGrpcClients;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.Parting;
import dev.peregrine.grpc.boot.server.GrpcGlobalServerInterceptor;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Serves and calls itself in every way there is to declare that. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({GrpcServerAutoConfiguration.class, GrpcClientAutoConfiguration.class})
@Import({GreetingApplication.PartingService.class, GreetingApplication.Callers.class})
@ImportGrpcClients(types = Parting.Client.class)
class GreetingApplication {

    @Bean
    @GrpcService
    HelloService helloService() {
        return new HelloService();
    }

    @Bean
    @GrpcGlobalServerInterceptor
    Witness witness() {
        return new Witness();
    }

    @Bean
    Runnable ofBeanMethod(@GrpcClient("greeter") Greeter.AsyncClient greeter) {
        return () ->
                greeter.sayHello(request("bean method")).toCompletableFuture().join();
    }

    @GrpcService
    static class PartingService implements Parting.Service {
        @Override
        public HelloReply sayGoodbye(HelloRequest request) {
            return HelloService.reply("Bye " + request.getName());
        }
    }

    /** Remembers which methods were called. */
    static class Witness implements ServerInterceptor {

        private final Set<String> saw = new ConcurrentSkipListSet<>();

        @Override
        public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
            return call -> {
                saw.add(method.fullName());
                return next.handle(call);
            };
        }

        Set<String> saw() {
            return new TreeSet<>(saw);
        }
    }

    /** No bean: it is made for the injection point that names it. */
    static class OnlyNamed implements ClientInterceptor {

        @Override
        public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return next.newCall(method, options);
        }
    }

    static class Callers {

        @GrpcClient(value = "greeter", interceptors = OnlyNamed.class)
        private Greeter.Client ofField;

        @GrpcClient("greeter")
        private final Greeter.Client ofFinalField;

        private Greeter.Client ofSetter;

        private final Greeter.Client ofConstructor;

        private final ObjectProvider<Parting.Client> ofBean;

        Callers(
                @GrpcClient("greeter") Greeter.Client ofFinalField,
                @GrpcClient("greeter") Greeter.Client ofConstructor,
                ObjectProvider<Parting.Client> ofBean) {
            this.ofFinalField = ofFinalField;
            this.ofConstructor = ofConstructor;
            this.ofBean = ofBean;
        }

        @GrpcClient("greeter")
        void setGreeter(Greeter.Client greeter) {
            this.ofSetter = greeter;
        }

        Set<String> call() {
            Set<String> answers = new TreeSet<>();
            answers.add(ofField.sayHello(request("field")).getMessage());
            answers.add(ofFinalField.sayHello(request("final field")).getMessage());
            answers.add(ofSetter.sayHello(request("setter")).getMessage());
            answers.add(ofConstructor.sayHello(request("constructor")).getMessage());
            answers.add(ofBean.getObject().sayGoodbye(request("bean")).getMessage());
            return answers;
        }
    }
}
