// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.boot.tokens.SharedToken.Fetched;
import dev.peregrine.grpc.interceptor.BearerToken;
import dev.peregrine.grpc.interceptor.CallCredentials;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.core.OAuth2AccessToken;

/**
 * Tokens by Spring Security's OAuth2 client. Each registration has one {@link SharedToken}, whichever clients use it, and is the principal
 * that the token is authorized for.
 */
final class OAuth2Tokens implements RegisteredTokens, DisposableBean {

    private static final Log log = LogFactory.getLog(OAuth2Tokens.class);

    private final OAuth2Managers managers;
    private final TokenThreads threads = new TokenThreads();
    private final Clock clock;
    private final Map<String, CallCredentials> byRegistration = new ConcurrentHashMap<>();

    OAuth2Tokens(OAuth2Managers managers, Clock clock) {
        this.managers = managers;
        this.clock = clock;
    }

    /**
     * @throws FailureAnalyzedException if there is no such registration, or not for the grant {@code client_credentials}
     */
    @Override
    public CallCredentials of(String client, String registration) {
        OAuth2AuthorizedClientManager manager = managers.of(client, registration);
        return byRegistration.computeIfAbsent(registration, missing -> tokens(manager, registration));
    }

    @Override
    public boolean areThere() {
        return managers.haveRegistrations();
    }

    private CallCredentials tokens(OAuth2AuthorizedClientManager manager, String registration) {
        return BearerToken.fromAsync(new SharedToken(() -> fetch(manager, registration), threads, clock));
    }

    private static Fetched fetch(OAuth2AuthorizedClientManager manager, String registration) {
        OAuth2AuthorizedClient authorized;
        try {
            authorized = manager.authorize(OAuth2AuthorizeRequest.withClientRegistrationId(registration)
                    .principal(registration)
                    .build());
        } catch (RuntimeException failure) {
            log.warn("No token could be fetched for gRPC calls with the OAuth2 registration '" + registration + "': "
                    + OAuth2Failures.describe(failure));
            throw OAuth2Failures.code(failure) == StatusCode.UNAVAILABLE
                    ? TokenFailures.unreachable(registration)
                    : TokenFailures.refused(registration);
        }
        if (authorized == null) {
            log.warn("No token for gRPC calls: the OAuth2AuthorizedClientManager does not authorize the registration '"
                    + registration + "'");
            throw TokenFailures.refused(registration);
        }
        OAuth2AccessToken token = authorized.getAccessToken();
        Instant expires = token.getExpiresAt();
        return new Fetched(token.getTokenValue(), expires == null ? Long.MAX_VALUE : expires.toEpochMilli());
    }

    @Override
    public void destroy() {
        threads.close();
    }
}
