// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.NonBlocking;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Ties the methods of a service object to their descriptors; generated {@code bind()} methods are made of this. Blocking
 * methods run on threads that may block, unless they promise {@link NonBlocking}; asynchronous ones on the event loop.
 */
public final class ServiceBinding {

    private final Class<?> implementation;
    private final ServiceDefinition.Builder definition;

    private ServiceBinding(ServiceDescriptor descriptor, Class<?> implementation) {
        this.implementation = implementation;
        this.definition = ServiceDefinition.builder(descriptor);
    }

    /**
     * @param service the object whose class may carry {@link NonBlocking}
     */
    public static ServiceBinding of(ServiceDescriptor descriptor, Object service) {
        return new ServiceBinding(descriptor, service.getClass());
    }

    /** What the default methods of generated service interfaces throw. */
    public static StatusException unimplemented(MethodDescriptor<?, ?> method) {
        return new StatusException(
                StatusCode.UNIMPLEMENTED, "method " + method.fullName() + " is not implemented by this service");
    }

    public <Q, R> ServiceBinding unary(MethodDescriptor<Q, R> method, String javaName, Function<Q, R> body) {
        return add(method, new SingleResponseHandler<>(body), modeOf(javaName));
    }

    public <Q, R> ServiceBinding serverStreaming(
            MethodDescriptor<Q, R> method, String javaName, BiConsumer<Q, ResponseWriter<R>> body) {
        return add(method, new ServerStreamingHandler<>(body), modeOf(javaName));
    }

    public <Q, R> ServiceBinding clientStreaming(
            MethodDescriptor<Q, R> method, String javaName, Function<RequestReader<Q>, R> body) {
        requireMayBlock(method, javaName);
        return add(method, RequestStreamHandler.singleResponse(body), ExecutionMode.BLOCKING);
    }

    public <Q, R> ServiceBinding bidiStreaming(
            MethodDescriptor<Q, R> method, String javaName, BiConsumer<RequestReader<Q>, ResponseWriter<R>> body) {
        requireMayBlock(method, javaName);
        return add(method, RequestStreamHandler.responseStream(body), ExecutionMode.BLOCKING);
    }

    public <Q, R> ServiceBinding asyncUnary(MethodDescriptor<Q, R> method, Function<Q, CompletionStage<R>> body) {
        return add(method, AsyncHandlers.unary(body), ExecutionMode.EVENT_LOOP);
    }

    public <Q, R> ServiceBinding asyncServerStreaming(
            MethodDescriptor<Q, R> method, Function<Q, Flow.Publisher<R>> body) {
        return add(method, AsyncHandlers.serverStreaming(body), ExecutionMode.EVENT_LOOP);
    }

    public <Q, R> ServiceBinding asyncClientStreaming(
            MethodDescriptor<Q, R> method, Function<Flow.Publisher<Q>, CompletionStage<R>> body) {
        return add(method, AsyncHandlers.clientStreaming(body), ExecutionMode.EVENT_LOOP);
    }

    public <Q, R> ServiceBinding asyncBidiStreaming(
            MethodDescriptor<Q, R> method, Function<Flow.Publisher<Q>, Flow.Publisher<R>> body) {
        return add(method, AsyncHandlers.bidiStreaming(body), ExecutionMode.EVENT_LOOP);
    }

    public ServiceDefinition build() {
        return definition.build();
    }

    private <Q, R> ServiceBinding add(MethodDescriptor<Q, R> method, ServerHandler<Q, R> handler, ExecutionMode mode) {
        definition.method(method, handler, mode);
        return this;
    }

    private ExecutionMode modeOf(String javaName) {
        return promisesNonBlocking(javaName) ? ExecutionMode.EVENT_LOOP : ExecutionMode.BLOCKING;
    }

    /** Reading a stream of requests waits by its nature. */
    private void requireMayBlock(MethodDescriptor<?, ?> method, String javaName) {
        if (promisesNonBlocking(javaName) && !isOnClass()) {
            throw new IllegalArgumentException(implementation.getName() + "." + javaName + " is @NonBlocking, but "
                    + method.fullName() + " reads a stream of requests, which waits; implement the async face of the"
                    + " service, or remove the annotation");
        }
    }

    private boolean promisesNonBlocking(String javaName) {
        if (isOnClass()) {
            return true;
        }
        for (Class<?> type = implementation; type != null && type != Object.class; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(javaName) && method.isAnnotationPresent(NonBlocking.class)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isOnClass() {
        for (Class<?> type = implementation; type != null; type = type.getSuperclass()) {
            if (type.isAnnotationPresent(NonBlocking.class)) {
                return true;
            }
        }
        return false;
    }
}
