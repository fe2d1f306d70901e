// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The two ways to write and to call a service, and the names of the types nested in a service's class for each. */
enum FaceStyle {
    BLOCKING(
            "Service",
            "The service, to be implemented with methods that may block.\n"
                    + "A method that is not overridden answers UNIMPLEMENTED.",
            "Client",
            "Calls the service and waits for the answers.",
            "BlockingStub",
            "ClientCalls"),
    ASYNC(
            "AsyncService",
            "The service, to be implemented with methods that run on the event loop and must not block.\n"
                    + "A method that is not overridden answers UNIMPLEMENTED.",
            "AsyncClient",
            "Calls the service without waiting.",
            "AsyncStub",
            "AsyncClientCalls");

    /** No service's class may have one of these names: a nested type must not be called like the type around it. */
    static final Set<String> NESTED_TYPES = Arrays.stream(values())
            .flatMap(style -> Stream.of(style.service, style.client, style.stub))
            .collect(Collectors.toUnmodifiableSet());

    /** The interface that servers implement. */
    final String service;

    final String serviceComment;

    /** The interface that clients call. */
    final String client;

    final String clientComment;

    /** The class behind {@link #client}. */
    final String stub;

    /** The class of the runtime that the stub calls. */
    final String calls;

    FaceStyle(String service, String serviceComment, String client, String clientComment, String stub, String calls) {
        this.service = service;
        this.serviceComment = serviceComment;
        this.client = client;
        this.clientComment = clientComment;
        this.stub = stub;
        this.calls = "dev.peregrine.grpc.stub." + calls;
    }
}
