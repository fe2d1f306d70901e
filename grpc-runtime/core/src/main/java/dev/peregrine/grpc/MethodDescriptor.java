// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import java.util.Objects;

/**
 * One method of a service: its names, its shape and how its messages become bytes. Made by generated code, once.
 *
 * @param <Q> the request type
 * @param <R> the response type
 */
public final class MethodDescriptor<Q, R> {

    private final String service;
    private final String name;
    private final MethodKind kind;
    private final Marshaller<Q> requestMarshaller;
    private final Marshaller<R> responseMarshaller;
    private final String path;
    private final String fullName;

    private MethodDescriptor(
            String service,
            String name,
            MethodKind kind,
            Marshaller<Q> requestMarshaller,
            Marshaller<R> responseMarshaller) {
        this.service = requireName(service, "service");
        this.name = requireName(name, "method");
        this.kind = Objects.requireNonNull(kind, "kind");
        this.requestMarshaller = Objects.requireNonNull(requestMarshaller, "requestMarshaller");
        this.responseMarshaller = Objects.requireNonNull(responseMarshaller, "responseMarshaller");
        this.fullName = service + '/' + name;
        this.path = '/' + fullName;
    }

    /**
     * @param service the full service name, such as {@code helloworld.Greeter}
     * @param name the method's name as the {@code .proto} file spells it
     */
    public static <Q, R> MethodDescriptor<Q, R> of(
            String service, String name, MethodKind kind, Marshaller<Q> requests, Marshaller<R> responses) {
        return new MethodDescriptor<>(service, name, kind, requests, responses);
    }

    public String service() {
        return service;
    }

    public String name() {
        return name;
    }

    /** {@code service/Method}: the name people and logs use. */
    public String fullName() {
        return fullName;
    }

    /** {@code /service/Method}: the name on the wire. */
    public String path() {
        return path;
    }

    public MethodKind kind() {
        return kind;
    }

    public Marshaller<Q> requestMarshaller() {
        return requestMarshaller;
    }

    public Marshaller<R> responseMarshaller() {
        return responseMarshaller;
    }

    @Override
    public String toString() {
        return fullName() + " (" + kind + ")";
    }

    private static String requireName(String name, String what) {
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "a " + what + " name must not be empty or hold '/', found: '" + name + "'");
        }
        return name;
    }
}
