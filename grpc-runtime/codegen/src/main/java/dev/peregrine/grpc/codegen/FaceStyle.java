package dev.peregrine.grpc.codegen;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The two ways to write and to call a service, and the names of the types nested in a service's class for each. */
enum FaceStyle {
    BLOCKING("Service", "Client", "BlockingStub", "ClientCalls"),
    ASYNC("AsyncService", "AsyncClient", "AsyncStub", "AsyncClientCalls");

    /** No service's class may have one of these names: a nested type must not be called like the type around it. */
    static final Set<String> NESTED_TYPES = Arrays.stream(values())
            .flatMap(style -> Stream.of(style.service, style.client, style.stub))
            .collect(Collectors.toUnmodifiableSet());

    /** The interface that servers implement. */
    final String service;

    /** The interface that clients call. */
    final String client;

    /** The class behind {@link #client}. */
    final String stub;

    /** The class of the runtime that the stub calls. */
    final String calls;

    FaceStyle(String service, String client, String stub, String calls) {
        this.service = service;
        this.client = client;
        this.stub = stub;
        this.calls = "dev.peregrine.grpc.stub." + calls;
    }
}
