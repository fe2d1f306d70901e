// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Publisher;
import java.util.function.BiConsumer;
import java.util.function.Function;

public final class ServiceBinding {

    private final ServiceDescriptor descriptor;
    private final List<String> bindings = new ArrayList<>();

    private ServiceBinding(ServiceDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    public static ServiceBinding of(ServiceDescriptor descriptor, Object service) {
        return new ServiceBinding(descriptor);
    }

    public static RuntimeException unimplemented(MethodDescriptor<?, ?> method) {
        return new UnsupportedOperationException(method.name());
    }

    public <Q, R> ServiceBinding unary(MethodDescriptor<Q, R> method, String name, Function<Q, R> handler) {
        return add("unary " + method.name() + " " + name);
    }

    public <Q, R> ServiceBinding serverStreaming(
            MethodDescriptor<Q, R> method, String name, BiConsumer<Q, ResponseWriter<R>> handler) {
        return add("serverStreaming " + method.name() + " " + name);
    }

    public <Q, R> ServiceBinding clientStreaming(
            MethodDescriptor<Q, R> method, String name, Function<RequestReader<Q>, R> handler) {
        return add("clientStreaming " + method.name() + " " + name);
    }

    public <Q, R> ServiceBinding bidiStreaming(
            MethodDescriptor<Q, R> method, String name, BiConsumer<RequestReader<Q>, ResponseWriter<R>> handler) {
        return add("bidiStreaming " + method.name() + " " + name);
    }

    public <Q, R> ServiceBinding asyncUnary(MethodDescriptor<Q, R> method, Function<Q, CompletionStage<R>> handler) {
        return add("asyncUnary " + method.name());
    }

    public <Q, R> ServiceBinding asyncServerStreaming(
            MethodDescriptor<Q, R> method, Function<Q, Publisher<R>> handler) {
        return add("asyncServerStreaming " + method.name());
    }

    public <Q, R> ServiceBinding asyncClientStreaming(
            MethodDescriptor<Q, R> method, Function<Publisher<Q>, CompletionStage<R>> handler) {
        return add("asyncClientStreaming " + method.name());
    }

    public <Q, R> ServiceBinding asyncBidiStreaming(
            MethodDescriptor<Q, R> method, Function<Publisher<Q>, Publisher<R>> handler) {
        return add("asyncBidiStreaming " + method.name());
    }

    public ServiceDefinition build() {
        return new ServiceDefinition(descriptor, List.copyOf(bindings));
    }

    private ServiceBinding add(String binding) {
        bindings.add(binding);
        return this;
    }
}
