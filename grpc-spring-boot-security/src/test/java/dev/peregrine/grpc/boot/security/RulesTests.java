// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import static dev.peregrine.grpc.boot.security.fixture.Callers.open;
import static dev.peregrine.grpc.boot.security.fixture.Callers.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.boot.security.fixture.BlockingVault;
import dev.peregrine.grpc.boot.security.fixture.Issuer;
import dev.peregrine.grpc.boot.security.fixture.SecurityRunners;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** Who may call which method, by properties and by chains of the application's own. */
class RulesTests {

    private static final Issuer ISSUER = new Issuer();
    private static final String READER = "Bearer " + ISSUER.token("ann", "read");
    private static final String WRITER = "Bearer " + ISSUER.token("bob", "write");

    private final ApplicationContextRunner runner = SecurityRunners.runner()
            .withUserConfiguration(BlockingVault.class)
            .withBean(JwtDecoder.class, ISSUER::decoder);

    @Test
    void aScopeOpensAMethod() {
        rules("match=fixture.Vault/Open", "any-scope=read").run(context -> {
            assertThat(open(context, READER)).isEqualTo("ann");
            assertThat(refusalOf(context, WRITER))
                    .hasMessage("PERMISSION_DENIED: the caller may not call fixture.Vault/Open");
            assertThat(refusalOf(context, null).code()).isEqualTo(StatusCode.UNAUTHENTICATED);
            assertThat(context.getBean(AccessControl.class).rules())
                    .containsEntry("fixture.Vault/Open", "hasScope(read)")
                    .containsEntry("fixture.Vault/List", "denyAll (no rule matches)");
        });
    }

    @Test
    void whatIsOpenToAllNeedsNoCredentialsAndStillLooksAtThem() {
        rules("match=fixture.Vault", "access=permit-all").run(context -> {
            assertThat(open(context, null)).isEqualTo("anonymous");
            assertThat(open(context, READER)).isEqualTo("ann");
            assertThat(refusalOf(context, "Bearer wrong").code()).isEqualTo(StatusCode.UNAUTHENTICATED);
        });
    }

    @Test
    void whatIsClosedIsClosedToEverybody() {
        rules("match=fixture.*", "access=deny-all")
                .run(context -> assertThat(refusalOf(context, READER).code()).isEqualTo(StatusCode.PERMISSION_DENIED));
    }

    @Test
    void theFirstRuleThatMatchesHolds() {
        runner.withPropertyValues(
                        "grpc.security.rules[0].match=fixture.Vault/Open",
                        "grpc.security.rules[0].any-scope=write",
                        "grpc.security.rules[1].match=*",
                        "grpc.security.rules[1].access=authenticated")
                .run(context -> {
                    assertThat(open(context, WRITER)).isEqualTo("bob");
                    assertThat(refusalOf(context, READER).code()).isEqualTo(StatusCode.PERMISSION_DENIED);
                });
    }

    @Test
    void aRuleSaysOneThing() {
        rules("match=*", "access=permit-all", "any-role=CLERK")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessage(
                                "the entry of grpc.security.rules for '*' has access and any-role; set exactly one"));
    }

    @Test
    void aRuleForWhatIsNotServedEndsTheStart() {
        rules("match=fixture.Vault/Opne", "any-scope=read")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("hold for no method: 'fixture.Vault/Opne' hasScope(read)"));
    }

    @Test
    void aRuleBehindOneThatTakesAllEndsTheStart() {
        runner.withPropertyValues(
                        "grpc.security.rules[0].match=fixture.*",
                        "grpc.security.rules[0].access=authenticated",
                        "grpc.security.rules[1].match=fixture.Vault/Open",
                        "grpc.security.rules[1].any-role=CLERK")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("an earlier rule or chain is for it"));
    }

    @Test
    void ofSeveralChainsTheFirstThatMatchesHoldsAlone() {
        runner.withUserConfiguration(TwoChains.class).run(context -> {
            assertThat(open(context, WRITER)).isEqualTo("bob");
            assertThat(refusalOf(context, READER).code()).isEqualTo(StatusCode.PERMISSION_DENIED);
            assertThat(context.getBean(AccessControl.class).rules())
                    .containsEntry("fixture.Vault/Open", "hasScope(write)")
                    .containsEntry("fixture.Vault/Put", "denyAll (no rule matches)");
        });
    }

    private ApplicationContextRunner rules(String... settings) {
        ApplicationContextRunner with = runner;
        for (String setting : settings) {
            with = with.withPropertyValues("grpc.security.rules[0]." + setting);
        }
        return with;
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoChains {

        @Bean
        @Order(1)
        GrpcSecurityChain vault(GrpcSecurity grpc) {
            return grpc.callsMatching("fixture.Vault/*")
                    .oauth2ResourceServer(tokens -> tokens.jwt())
                    .authorizeCalls(
                            calls -> calls.matching("fixture.Vault/Open").hasScope("write"))
                    .build();
        }

        @Bean
        @Order(2)
        GrpcSecurityChain everything(GrpcSecurity grpc) {
            return grpc.authorizeCalls(calls -> calls.anyCall().permitAll()).build();
        }
    }
}
