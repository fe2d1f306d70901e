// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import static dev.peregrine.grpc.boot.security.fixture.Callers.AUTHORIZATION;
import static dev.peregrine.grpc.boot.security.fixture.Callers.basic;
import static dev.peregrine.grpc.boot.security.fixture.Callers.open;
import static dev.peregrine.grpc.boot.security.fixture.Callers.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.security.fixture.Ask;
import dev.peregrine.grpc.boot.security.fixture.BlockingVault;
import dev.peregrine.grpc.boot.security.fixture.Callers;
import dev.peregrine.grpc.boot.security.fixture.Issuer;
import dev.peregrine.grpc.boot.security.fixture.SecurityRunners;
import dev.peregrine.grpc.boot.security.fixture.Vault;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionAuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** Credentials as they come on the wire: which are accepted, and what those are told whose are not. */
@ExtendWith(OutputCaptureExtension.class)
class CredentialsTests {

    private static final Issuer ISSUER = new Issuer();
    private static final Issuer SOMEBODY_ELSE = new Issuer();

    private final ApplicationContextRunner tokens = SecurityRunners.runner()
            .withUserConfiguration(BlockingVault.class)
            .withBean(JwtDecoder.class, ISSUER::decoder);

    private final ApplicationContextRunner passwords =
            SecurityRunners.runner().withUserConfiguration(BlockingVault.class, Users.class);

    // ---- bearer tokens ----

    @Test
    void theSchemeMayBeWrittenInAnyCase() {
        tokens.run(context -> assertThat(open(context, "bEARER  " + ISSUER.token("ann", "read")))
                .isEqualTo("ann"));
    }

    @Test
    void aTokenOfAnotherIssuerIsNotAccepted() {
        tokens.run(context -> assertThat(refusalOf(context, "Bearer " + SOMEBODY_ELSE.token("ann", "read")))
                .hasMessage("UNAUTHENTICATED: the credentials of the call are not accepted"));
    }

    @Test
    void aTokenThatHasExpiredIsNotAccepted() {
        String expired = ISSUER.token(
                "ann", "read", claims -> claims.expiresAt(Instant.now().minusSeconds(3600)));
        tokens.run(context ->
                assertThat(refusalOf(context, "Bearer " + expired).code()).isEqualTo(StatusCode.UNAUTHENTICATED));
    }

    @Test
    void aTokenWithoutSignatureIsNotAccepted() {
        String unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ."; // {"alg":"none"} {"sub":"ann"}
        tokens.run(context ->
                assertThat(refusalOf(context, "Bearer " + unsigned).code()).isEqualTo(StatusCode.UNAUTHENTICATED));
    }

    @Test
    void aTokenThatWasChangedIsNotAccepted() {
        String[] parts = ISSUER.token("ann", "read").split("\\.");
        String[] other = ISSUER.token("bob", "read write").split("\\.");
        tokens.run(context -> assertThat(refusalOf(context, "Bearer " + parts[0] + "." + other[1] + "." + parts[2])
                        .code())
                .isEqualTo(StatusCode.UNAUTHENTICATED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer", "Bearer ", "Bearer a b", "Bearer {}", "Bearer a,b", "Bearer =", "", "Digest x", "x"})
    void whatIsNoTokenIsUnauthenticated(String header) {
        tokens.run(context -> assertThat(refusalOf(context, header).code()).isEqualTo(StatusCode.UNAUTHENTICATED));
    }

    @Test
    void aCallSaysOnceWhoMakesIt() {
        Metadata twice = Metadata.builder()
                .add(AUTHORIZATION, "Bearer " + ISSUER.token("ann", "read"))
                .add(AUTHORIZATION, "Bearer " + ISSUER.token("bob", "read"))
                .build();
        tokens.run(context -> {
            try (ManagedChannel channel = Callers.channelTo(context)) {
                Vault.Client client =
                        Vault.Client.create(channel).withCallOptions(CallOptions.DEFAULT.withMetadata(twice));
                StatusException refusal =
                        catchThrowableOfType(StatusException.class, () -> client.open(Ask.getDefaultInstance()));
                assertThat(refusal).hasMessage("UNAUTHENTICATED: the credentials of the call cannot be read");
            }
        });
    }

    @Test
    void tokensDoNotGetIntoTheLog(CapturedOutput output) {
        String good = ISSUER.token("ann", "read");
        String bad = SOMEBODY_ELSE.token("ann", "read");
        tokens.withPropertyValues("logging.level.root=trace").run(context -> {
            open(context, "Bearer " + good);
            refusalOf(context, "Bearer " + bad);
        });
        assertThat(output.getAll())
                .doesNotContain(good.substring(good.length() - 40), bad.substring(bad.length() - 40));
        assertThat(new BearerCredentials(good).toString() + new BearerCredentials(good).getName())
                .doesNotContain(good);
    }

    // ---- user and password ----

    @Test
    void aPasswordMayHaveColonsAndLetters() {
        passwords.run(context ->
                assertThat(open(context, basic("jörg", "pass:wörd:"))).isEqualTo("jörg"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic ", "Basic !!!", "Basic YW5u", "Basic //79", "Basic YW5uOg==", "Basic Og=="})
    void whatIsNoPairOfUserAndPasswordIsUnauthenticated(String header) {
        passwords.run(context -> assertThat(refusalOf(context, header).code()).isEqualTo(StatusCode.UNAUTHENTICATED));
    }

    @Test
    void whoIsUnknownAndWhoHasTheWrongPasswordHearTheSame() {
        passwords.run(context -> assertThat(refusalOf(context, basic("nobody", "x")))
                .hasMessage(refusalOf(context, basic("jörg", "x")).getMessage()));
    }

    // ---- opaque tokens ----

    @Test
    void anOpaqueTokenIsAskedAbout() {
        opaque(token -> {
                    if (!token.equals("abc")) {
                        throw new BadOpaqueTokenException("revoked, says the server inside");
                    }
                    return new OAuth2IntrospectionAuthenticatedPrincipal(
                            "ann", java.util.Map.of("sub", "ann"), java.util.List.of());
                })
                .run(context -> {
                    assertThat(open(context, "Bearer abc")).isEqualTo("ann");
                    assertThat(refusalOf(context, "Bearer def"))
                            .hasMessage("UNAUTHENTICATED: the credentials of the call are not accepted");
                });
    }

    @Test
    void aServerThatCannotBeAskedIsNotTheCallersFault(CapturedOutput output) {
        opaque(token -> {
                    throw new AuthenticationServiceException("http://10.0.0.7 refused the connection");
                })
                .run(context -> assertThat(refusalOf(context, "Bearer abc"))
                        .hasMessage("UNAVAILABLE: the server cannot check credentials at the moment; try again later"));
        assertThat(output).contains("http://10.0.0.7 refused the connection");
    }

    @Test
    void whatBreaksWhileCheckingIsNotTheCallersFaultEither() {
        opaque(token -> {
                    throw new IllegalStateException("internal");
                })
                .run(context ->
                        assertThat(refusalOf(context, "Bearer abc").code()).isEqualTo(StatusCode.UNAVAILABLE));
    }

    private static ApplicationContextRunner opaque(OpaqueTokenIntrospector introspector) {
        return SecurityRunners.runner()
                .withUserConfiguration(BlockingVault.class)
                .withBean(OpaqueTokenIntrospector.class, () -> introspector);
    }

    @Configuration(proxyBeanMethods = false)
    static class Users {

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(User.withUsername("jörg")
                    .password("{noop}pass:wörd:")
                    .roles("CLERK")
                    .build());
        }
    }
}
