// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;

/** What calls end with that get no token. Nothing of it is secret, or tells more of the inside than who failed. */
final class TokenFailures {

    private TokenFailures() {}

    /** UNAVAILABLE: nobody has said no, it may go better next time. */
    static StatusException unreachable(String registration) {
        return Status.of(
                        StatusCode.UNAVAILABLE,
                        "there is no token for the call: the authorization server of '" + registration
                                + "' cannot be reached, or does not work")
                .asException();
    }

    static StatusException refused(String registration) {
        return Status.of(
                        StatusCode.UNAUTHENTICATED,
                        "there is no token for the call: the authorization server of '" + registration
                                + "' did not give one")
                .asException();
    }

    static StatusException stopped() {
        return Status.of(StatusCode.UNAVAILABLE, "there is no token for the call: the application has stopped")
                .asException();
    }

    static StatusException noThread() {
        return Status.of(
                        StatusCode.UNAVAILABLE,
                        "there is no token for the call: no thread could be started to fetch one")
                .asException();
    }

    static StatusException unexpected() {
        return Status.of(StatusCode.UNAUTHENTICATED, "there is no token for the call")
                .asException();
    }
}
