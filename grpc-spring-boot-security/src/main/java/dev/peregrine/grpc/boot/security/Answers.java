// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import java.util.List;

/** What callers are told who do not get in. They learn what to do, and nothing about why. */
final class Answers {

    static final Status MISSING =
            Status.of(StatusCode.UNAUTHENTICATED, "this method asks who calls, and the call carries no credentials");

    static final Status MALFORMED = Status.of(StatusCode.UNAUTHENTICATED, "the credentials of the call cannot be read");

    static final Status REJECTED =
            Status.of(StatusCode.UNAUTHENTICATED, "the credentials of the call are not accepted");

    private static final MetadataKey<String> CHALLENGE = MetadataKey.ascii("www-authenticate");

    /** gRFC A6. */
    private static final Metadata IN_A_SECOND = Metadata.of(MetadataKey.ascii("grpc-retry-pushback-ms"), "1000");

    private Answers() {}

    /** RFC 9110 §11.6.1: how a caller may say who it is. */
    static Metadata challenge(List<String> schemes) {
        return schemes.isEmpty() ? Metadata.EMPTY : Metadata.of(CHALLENGE, String.join(", ", schemes));
    }

    static StatusException denied(MethodDescriptor<?, ?> method) {
        return new StatusException(StatusCode.PERMISSION_DENIED, "the caller may not call " + method.fullName());
    }

    /** The caller may be right: we cannot tell. */
    static StatusException unable() {
        return new StatusException(
                StatusCode.UNAVAILABLE, "the server cannot check credentials at the moment; try again later");
    }

    static StatusException busy() {
        return new StatusException(
                Status.of(
                        StatusCode.RESOURCE_EXHAUSTED,
                        "the server checks as many credentials as it can; try again later"),
                IN_A_SECOND);
    }
}
