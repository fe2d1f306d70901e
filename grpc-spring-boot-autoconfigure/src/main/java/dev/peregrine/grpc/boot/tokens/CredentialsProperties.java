// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who the calls of a client say is calling. The same properties exist under {@code grpc.client.<name>.credentials}; see
 * {@link CredentialsSettings} for how the two come together.
 *
 * @param enabled Whether calls are sent with credentials, if some are set.
 * @param bearer A token that does not change.
 * @param basic User name and password.
 * @param oauth2 Tokens from an authorization server.
 * @param relay Whether a call made while another is answered is sent with the bearer token of that one.
 * @param allowPlaintext Whether credentials are also sent where they can be read on the way.
 */
@ConfigurationProperties("grpc.client.default.credentials")
record CredentialsProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Bearer bearer,
        @DefaultValue Basic basic,
        @DefaultValue Oauth2 oauth2,
        @DefaultValue("false") boolean relay,
        @DefaultValue("false") boolean allowPlaintext) {

    /** The ways to say who is calling; a client has at most one. */
    enum Mechanism {
        BEARER("bearer.token"),
        BASIC("basic.username"),
        OAUTH2("oauth2.registration-id"),
        RELAY("relay");

        private final String property;

        Mechanism(String property) {
            this.property = property;
        }

        String property() {
            return property;
        }
    }

    Set<Mechanism> mechanisms() {
        Set<Mechanism> set = EnumSet.noneOf(Mechanism.class);
        if (bearer.token() != null) {
            set.add(Mechanism.BEARER);
        }
        if (basic.username() != null || basic.password() != null) {
            set.add(Mechanism.BASIC);
        }
        if (oauth2.registrationId() != null) {
            set.add(Mechanism.OAUTH2);
        }
        if (relay) {
            set.add(Mechanism.RELAY);
        }
        return set;
    }

    /**
     * @param token Token that is sent with every call.
     */
    record Bearer(@Nullable String token) {

        @Override
        public String toString() {
            return "Bearer[...]";
        }
    }

    /**
     * @param username Name of the user; must not hold a colon.
     * @param password Password of the user.
     */
    record Basic(@Nullable String username, @Nullable String password) {

        @Override
        public String toString() {
            return "Basic[...]";
        }
    }

    /**
     * @param registrationId Registration under spring.security.oauth2.client.registration, with the grant client_credentials, whose
     * tokens are sent.
     */
    record Oauth2(@Nullable String registrationId) {}
}
