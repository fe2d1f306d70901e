// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.security.fixture.Badges;
import dev.peregrine.grpc.boot.security.fixture.CallKind;
import dev.peregrine.grpc.boot.security.fixture.Callers;
import dev.peregrine.grpc.boot.security.fixture.Certificates;
import dev.peregrine.grpc.boot.security.fixture.Issuer;
import dev.peregrine.grpc.boot.security.fixture.SecuredApplication;
import dev.peregrine.grpc.boot.security.fixture.SecurityRunners;
import dev.peregrine.grpc.boot.security.fixture.ServiceMode;
import dev.peregrine.grpc.boot.security.fixture.ThreadsOfChecks;
import dev.peregrine.grpc.boot.security.fixture.Vault;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionAuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** Every way of saying who calls, in every kind of call, before every kind of service: who gets in, and as whom. */
@Timeout(60)
class EveryCallerTests {

    private static final Issuer ISSUER = new Issuer();
    private static final Certificates CERTIFICATES = new Certificates();
    private static final Map<String, SecuredApplication> RUNNING = new TreeMap<>();

    /** What a channel and the metadata of its calls say of who calls. */
    private record Identity(Function<SecuredApplication, ManagedChannel> channel, Metadata metadata) {

        static final Identity NONE = new Identity(SecuredApplication::plain, Metadata.EMPTY);

        static Identity header(String authorization) {
            return new Identity(SecuredApplication::plain, Metadata.of(Callers.AUTHORIZATION, authorization));
        }

        static Identity badge(String badge) {
            return new Identity(SecuredApplication::plain, Metadata.of(Badges.BADGE, badge));
        }

        static Identity certificate(String name) {
            return new Identity(application -> application.identified(name), Metadata.EMPTY);
        }

        Vault.Client in(SecuredApplication application) {
            return Vault.Client.create(channel.apply(application))
                    .withCallOptions(CallOptions.DEFAULT.withMetadata(metadata))
                    .withDeadlineAfter(Duration.ofSeconds(30));
        }
    }

    /** Ann may, bob may not, and mallory is not who she says. */
    private enum Mechanism {
        JWT(
                "known",
                Identity.header("Bearer " + ISSUER.token("ann", "enter")),
                Identity.header("Bearer " + ISSUER.token("bob", "read")),
                Identity.NONE,
                Identity.header("Bearer " + new Issuer().token("mallory", "enter"))),
        OPAQUE_TOKEN(
                "opaque",
                Identity.header("Bearer ann"),
                Identity.header("Bearer bob"),
                Identity.NONE,
                Identity.header("Bearer mallory")),
        PASSWORD(
                "known",
                Identity.header(Callers.basic("ann", "secret of ann")),
                Identity.header(Callers.basic("bob", "secret of bob")),
                Identity.NONE,
                Identity.header(Callers.basic("ann", "secret of bob"))),
        CERTIFICATE(
                "known",
                Identity.certificate("ann"),
                Identity.certificate("bob"),
                new Identity(SecuredApplication::encrypted, Metadata.EMPTY),
                Identity.certificate("mallory")),
        OF_THE_APPLICATION(
                "known",
                Identity.badge("ann:ENTER:genuine"),
                Identity.badge("bob:READ:genuine"),
                Identity.NONE,
                Identity.badge("ann:ENTER:forged"));

        private final String chain;
        private final Identity ann;
        private final Identity bob;
        private final Identity nobody;
        private final Identity mallory;

        Mechanism(String chain, Identity ann, Identity bob, Identity nobody, Identity mallory) {
            this.chain = chain;
            this.ann = ann;
            this.bob = bob;
            this.nobody = nobody;
            this.mallory = mallory;
        }
    }

    @AfterAll
    static void stop() {
        RUNNING.values().forEach(SecuredApplication::close);
        RUNNING.clear();
    }

    @ParameterizedTest
    @MethodSource("everything")
    void whoMayGetsInAndWhoMayNotDoesNot(ServiceMode mode, Mechanism mechanism, CallKind kind) {
        SecuredApplication application = running(mode, mechanism.chain);

        assertThat(kind.call(mechanism.ann.in(application), "")).isEqualTo(all("ann", kind));
        assertThat(refusal(kind, mechanism.bob.in(application))).isEqualTo(StatusCode.PERMISSION_DENIED);
        assertThat(refusal(kind, mechanism.nobody.in(application))).isEqualTo(StatusCode.UNAUTHENTICATED);
        assertThat(refusal(kind, mechanism.mallory.in(application))).isEqualTo(StatusCode.UNAUTHENTICATED);
        assertThat(ThreadsOfChecks.names()).isNotEmpty().noneMatch(thread -> thread.startsWith("grpc-loop"));
    }

    @ParameterizedTest
    @MethodSource("everythingAnonymous")
    void whereAllMayCallNobodyMayLie(ServiceMode mode, CallKind kind) {
        SecuredApplication application = running(mode, "open");

        assertThat(kind.call(Identity.NONE.in(application), "")).isEqualTo(all("anonymous", kind));
        assertThat(kind.call(Mechanism.JWT.ann.in(application), "")).isEqualTo(all("ann", kind));
        assertThat(refusal(kind, Mechanism.JWT.mallory.in(application))).isEqualTo(StatusCode.UNAUTHENTICATED);
        assertThat(refusal(kind, Identity.header("Bearer {}").in(application))).isEqualTo(StatusCode.UNAUTHENTICATED);
    }

    static Stream<Arguments> everything() {
        return everythingAnonymous()
                .flatMap(arguments -> Stream.of(Mechanism.values())
                        .map(mechanism -> Arguments.of(
                                arguments.get()[0], mechanism, arguments.get()[1])));
    }

    static Stream<Arguments> everythingAnonymous() {
        return ServiceMode.here().flatMap(mode -> Stream.of(CallKind.values()).map(kind -> Arguments.of(mode, kind)));
    }

    private static List<String> all(String who, CallKind kind) {
        return Collections.nCopies(kind.responses(), who);
    }

    private static StatusCode refusal(CallKind kind, Vault.Client client) {
        return catchThrowableOfType(StatusException.class, () -> kind.call(client, ""))
                .code();
    }

    private static SecuredApplication running(ServiceMode mode, String chain) {
        return RUNNING.computeIfAbsent(
                mode + " " + chain,
                any -> new SecuredApplication(
                        CERTIFICATES,
                        Map.of("test.chain", chain, "spring.threads.virtual.enabled", mode.virtual()),
                        SecurityRunners.Configurations.class,
                        Checks.class,
                        mode.service()));
    }

    @Configuration(proxyBeanMethods = false)
    static class Checks {

        @Bean
        GrpcSecurityChain chain(GrpcSecurity grpc, Environment environment) {
            return switch (environment.getRequiredProperty("test.chain")) {
                case "known" ->
                    ofThoseWhoMay(grpc.oauth2ResourceServer(tokens -> tokens.jwt(noting(ISSUER.decoder())))
                            .httpBasic()
                            .x509(certificates -> {})
                            .authenticationExtractor(new Badges.Reader())
                            .authenticationProvider(new Badges.Checker()));
                case "opaque" -> ofThoseWhoMay(grpc.oauth2ResourceServer(tokens -> tokens.opaqueToken(introspector())));
                default ->
                    grpc.oauth2ResourceServer(tokens -> tokens.jwt(noting(ISSUER.decoder())))
                            .authorizeCalls(calls -> calls.anyCall().permitAll())
                            .build();
            };
        }

        private static GrpcSecurityChain ofThoseWhoMay(GrpcSecurity grpc) {
            return grpc.authorizeCalls(calls -> calls.anyCall().hasAnyAuthority("SCOPE_enter", "ROLE_ENTER"))
                    .build();
        }

        private static JwtDecoder noting(JwtDecoder decoder) {
            return token -> {
                ThreadsOfChecks.note();
                return decoder.decode(token);
            };
        }

        private static OpaqueTokenIntrospector introspector() {
            return token -> {
                ThreadsOfChecks.note();
                if (token.equals("mallory")) {
                    throw new BadOpaqueTokenException("revoked");
                }
                return new OAuth2IntrospectionAuthenticatedPrincipal(
                        token,
                        Map.of("sub", token),
                        AuthorityUtils.createAuthorityList(token.equals("ann") ? "SCOPE_enter" : "SCOPE_read"));
            };
        }

        @Bean
        UserDetailsService users() {
            InMemoryUserDetailsManager users = new InMemoryUserDetailsManager(
                    User.withUsername("ann")
                            .password("{noop}secret of ann")
                            .roles("ENTER")
                            .build(),
                    User.withUsername("bob")
                            .password("{noop}secret of bob")
                            .roles("READ")
                            .build());
            return name -> {
                ThreadsOfChecks.note();
                return users.loadUserByUsername(name);
            };
        }
    }
}
