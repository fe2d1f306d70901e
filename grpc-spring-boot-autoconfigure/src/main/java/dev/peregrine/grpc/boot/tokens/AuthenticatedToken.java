// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import org.jspecify.annotations.Nullable;

/** The token that the running thread's authentication was made with; there is one if the application has Spring Security. */
@FunctionalInterface
interface AuthenticatedToken {

    /** Null if nobody is authenticated, or not by a bearer token. */
    @Nullable
    String current();
}
