// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import dev.peregrine.grpc.boot.client.GrpcClientInterceptorFactory;
import dev.peregrine.grpc.boot.tokens.CredentialsProperties.Basic;
import dev.peregrine.grpc.boot.tokens.CredentialsSettings.Chosen;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.interceptor.BasicCredentials;
import dev.peregrine.grpc.interceptor.BearerToken;
import dev.peregrine.grpc.interceptor.CallCredentials;
import dev.peregrine.grpc.interceptor.CredentialsInterceptor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Makes the credentials that a client's properties ask for. */
final class CredentialsFactory implements GrpcClientInterceptorFactory {

    private static final Log log = LogFactory.getLog(CredentialsFactory.class);

    private final CredentialsSettings settings;
    private final ObjectProvider<RegisteredTokens> registered;
    private final ObjectProvider<AuthenticatedToken> authenticated;
    private final AbsentRegistrations absent;

    CredentialsFactory(
            CredentialsSettings settings,
            ObjectProvider<RegisteredTokens> registered,
            ObjectProvider<AuthenticatedToken> authenticated,
            AbsentRegistrations absent) {
        this.settings = settings;
        this.registered = registered;
        this.authenticated = authenticated;
        this.absent = absent;
    }

    /**
     * @throws FailureAnalyzedException if what is set cannot be used
     */
    @Override
    public @Nullable ClientInterceptor interceptorFor(String client) {
        Chosen chosen = settings.of(client);
        if (chosen == null || isLeftOut(client, chosen)) {
            return null;
        }
        CredentialsInterceptor interceptor = CredentialsInterceptor.of(credentials(client, chosen));
        return chosen.properties().allowPlaintext() ? interceptor.allowingPlaintext() : interceptor;
    }

    /** Whether a part of an application lacks who gives out this client's tokens. */
    private boolean isLeftOut(String client, Chosen chosen) {
        if (absent == AbsentRegistrations.REFUSED || chosen.mechanism() != CredentialsProperties.Mechanism.OAUTH2) {
            return false;
        }
        RegisteredTokens tokens = registered.getIfAvailable();
        if (tokens != null && tokens.areThere()) {
            return false;
        }
        log.warn("Calls of the gRPC client '" + client + "' carry no token: "
                + CredentialsSettings.property(client, "oauth2.registration-id")
                + " names an OAuth2 registration, and this part of the application has none");
        return true;
    }

    private CallCredentials credentials(String client, Chosen chosen) {
        CredentialsProperties properties = chosen.properties();
        return switch (chosen.mechanism()) {
            case BEARER -> bearer(client, properties.bearer().token());
            case BASIC -> basic(client, properties.basic());
            case OAUTH2 -> registered(client, properties.oauth2().registrationId());
            case RELAY -> new TokenRelay(authenticated.getIfAvailable(() -> () -> null));
        };
    }

    private static CallCredentials bearer(String client, @Nullable String token) {
        try {
            return BearerToken.of(token == null ? "" : token);
        } catch (IllegalArgumentException unusable) {
            throw unusable(client, "bearer.token", unusable);
        }
    }

    private static CallCredentials basic(String client, Basic basic) {
        if (basic.username() == null || basic.password() == null) {
            String missing = basic.username() == null ? "basic.username" : "basic.password";
            throw new FailureAnalyzedException(
                    "The gRPC client '" + client + "' has half of its credentials: "
                            + CredentialsSettings.property(client, missing) + " is not set.",
                    "Set it too; a password may be empty.");
        }
        try {
            return BasicCredentials.of(basic.username(), basic.password());
        } catch (IllegalArgumentException unusable) {
            throw unusable(client, "basic.*", unusable);
        }
    }

    private CallCredentials registered(String client, @Nullable String registration) {
        RegisteredTokens tokens = registered.getIfAvailable();
        if (tokens == null) {
            throw new FailureAnalyzedException(
                    "The gRPC client '" + client + "' takes its tokens from an authorization server ("
                            + CredentialsSettings.property(client, "oauth2.registration-id")
                            + "), and the application has no OAuth2 client.",
                    "Add the dependency org.springframework.boot:spring-boot-starter-security-oauth2-client.");
        }
        return tokens.of(client, registration == null ? "" : registration);
    }

    private static FailureAnalyzedException unusable(String client, String property, IllegalArgumentException cause) {
        return new FailureAnalyzedException(
                "The gRPC client '" + client + "' cannot use its credentials: " + cause.getMessage() + ".",
                "Correct " + CredentialsSettings.property(client, property)
                        + ", or grpc.client.default.credentials if they are set there.",
                cause);
    }
}
