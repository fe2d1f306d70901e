// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test.slice;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.advice.GrpcExceptionTranslator;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.Parting;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.codec.MessageSink;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
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

    /** Named by {@code grpc.server.interceptors}. */
    @Component("counting")
    static class Counting implements ServerInterceptor {

        final AtomicInteger methods = new AtomicInteger();

        @Override
        public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
            methods.incrementAndGet();
            return next;
        }
    }

    /** Named by {@code grpc.client.greeter.interceptors}. */
    @Component("passing")
    static class Passing implements ClientInterceptor {

        @Override
        public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return next.newCall(method, options);
        }
    }

    /** Named by {@code grpc.server.encodings}. */
    @Component
    static class Plain implements MessageEncoding {

        @Override
        public String name() {
            return "plain";
        }

        @Override
        public void compress(ByteBuffer message, MessageSink out) throws IOException {
            byte[] bytes = new byte[message.remaining()];
            message.get(bytes);
            out.write(bytes, 0, bytes.length);
        }

        @Override
        public void decompress(ByteBuffer compressed, MessageSink out) throws IOException {
            compress(compressed, out);
        }
    }

    @Component
    static class Missing implements GrpcExceptionTranslator {

        @Override
        public @Nullable StatusException translate(Throwable thrown, CallContext call) {
            return thrown instanceof NoSuchElementException
                    ? new StatusException(StatusCode.NOT_FOUND, "no such greeting")
                    : null;
        }
    }

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
