// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** A bearer token, unchecked, which nobody reads by printing it: events of failures carry this to logs and audits. */
final class BearerCredentials extends BearerTokenAuthenticationToken {

    private static final long serialVersionUID = 1L;

    private static final String SECRET = "(bearer token)";

    BearerCredentials(String token) {
        super(token);
    }

    @Override
    public String getName() {
        return SECRET;
    }

    @Override
    public String toString() {
        return SECRET;
    }
}
