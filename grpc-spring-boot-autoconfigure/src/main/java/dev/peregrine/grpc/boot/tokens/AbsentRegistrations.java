// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

/**
 * What becomes of clients whose {@code credentials.oauth2} name a registration where there are no OAuth2 registrations at all. A
 * context that holds only a part of the application, as that of a test, has a bean of this type.
 */
public enum AbsentRegistrations {
    /** The client is not made, because its calls would go without their token. The default. */
    REFUSED,
    /** It is logged, and the calls go without a token: who gives them out is not there. */
    LOGGED
}
