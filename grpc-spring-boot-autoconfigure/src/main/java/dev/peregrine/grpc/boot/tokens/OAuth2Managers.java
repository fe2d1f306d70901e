// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.web.client.RestClient;

/**
 * Who authorizes: the application's manager, if it has one that works outside of web requests, or one of ours, which gives up on an
 * authorization server that does not answer.
 */
final class OAuth2Managers {

    /** Needs the web request it is used in, and so is of no use for calls; by name, because it cannot be loaded without servlets. */
    private static final String OF_WEB_REQUESTS =
            "org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizedClientManager";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    private final ObjectProvider<OAuth2AuthorizedClientManager> managers;
    private final ObjectProvider<ClientRegistrationRepository> registrations;
    private final ObjectProvider<OAuth2AuthorizedClientService> services;
    private final Clock clock;
    private @Nullable OAuth2AuthorizedClientManager ours;

    OAuth2Managers(
            ObjectProvider<OAuth2AuthorizedClientManager> managers,
            ObjectProvider<ClientRegistrationRepository> registrations,
            ObjectProvider<OAuth2AuthorizedClientService> services,
            Clock clock) {
        this.managers = managers;
        this.registrations = registrations;
        this.services = services;
        this.clock = clock;
    }

    /**
     * @throws FailureAnalyzedException if there is no such registration, or not for the grant {@code client_credentials}
     */
    OAuth2AuthorizedClientManager of(String client, String registration) {
        ClientRegistrationRepository known = registrations.getIfAvailable();
        if (known == null) {
            throw missing(client, registration, null);
        }
        ClientRegistration found = registration.isBlank() ? null : known.findByRegistrationId(registration);
        if (found == null) {
            throw missing(client, registration, known);
        }
        OAuth2AuthorizedClientManager theirs = managers.orderedStream()
                .filter(manager -> !manager.getClass().getName().equals(OF_WEB_REQUESTS))
                .findFirst()
                .orElse(null);
        if (theirs != null) {
            return theirs;
        }
        if (!found.getAuthorizationGrantType().equals(AuthorizationGrantType.CLIENT_CREDENTIALS)) {
            throw new FailureAnalyzedException(
                    "The gRPC client '" + client + "' cannot take tokens of the OAuth2 registration '" + registration
                            + "': its grant is "
                            + found.getAuthorizationGrantType().getValue()
                            + ", which needs a user.",
                    "Set spring.security.oauth2.client.registration." + registration
                            + ".authorization-grant-type=client_credentials, or define an OAuth2AuthorizedClientManager bean"
                            + " that can do without one.");
        }
        return ours(known);
    }

    boolean haveRegistrations() {
        return registrations.getIfAvailable() != null;
    }

    private synchronized OAuth2AuthorizedClientManager ours(ClientRegistrationRepository registrations) {
        OAuth2AuthorizedClientManager made = ours;
        if (made == null) {
            OAuth2AuthorizedClientService service =
                    services.getIfAvailable(() -> new InMemoryOAuth2AuthorizedClientService(registrations));
            AuthorizedClientServiceOAuth2AuthorizedClientManager manager =
                    new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, service);
            manager.setAuthorizedClientProvider(OAuth2AuthorizedClientProviderBuilder.builder()
                    .clientCredentials(grant ->
                            grant.accessTokenResponseClient(tokenClient()).clock(clock))
                    .build());
            made = manager;
            ours = made;
        }
        return made;
    }

    /** As Spring Security's own, but for the bounds on waiting. */
    private static RestClientClientCredentialsTokenResponseClient tokenClient() {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(
                HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build());
        requests.setReadTimeout(ANSWER_TIMEOUT);
        RestClientClientCredentialsTokenResponseClient client = new RestClientClientCredentialsTokenResponseClient();
        client.setRestClient(RestClient.builder()
                .requestFactory(requests)
                .configureMessageConverters(converters -> converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        return client;
    }

    private static FailureAnalyzedException missing(
            String client, String registration, @Nullable ClientRegistrationRepository known) {
        List<String> ids = known instanceof Iterable<?> all
                ? StreamSupport.stream(all.spliterator(), false)
                        .filter(ClientRegistration.class::isInstance)
                        .map(found -> ((ClientRegistration) found).getRegistrationId())
                        .sorted()
                        .toList()
                : List.of();
        return new FailureAnalyzedException(
                "The gRPC client '" + client + "' takes its tokens from the OAuth2 registration '" + registration
                        + "', and there is none of that name."
                        + (ids.isEmpty() ? "" : " Those that there are: " + String.join(", ", ids) + "."),
                "Set spring.security.oauth2.client.registration.<id>.* with"
                        + " authorization-grant-type=client_credentials, or correct "
                        + CredentialsSettings.property(client, "oauth2.registration-id")
                        + (known == null
                                ? ". Where there is no ClientRegistrationRepository bean, as in reactive web applications,"
                                        + " define one."
                                : "."));
    }
}
