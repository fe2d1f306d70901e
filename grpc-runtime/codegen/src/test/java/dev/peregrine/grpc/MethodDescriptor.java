// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

public record MethodDescriptor<Q, R>(
        String service, String name, MethodKind kind, Marshaller<Q> requests, Marshaller<R> responses) {

    public static <Q, R> MethodDescriptor<Q, R> of(
            String service, String name, MethodKind kind, Marshaller<Q> requests, Marshaller<R> responses) {
        return new MethodDescriptor<>(service, name, kind, requests, responses);
    }
}
