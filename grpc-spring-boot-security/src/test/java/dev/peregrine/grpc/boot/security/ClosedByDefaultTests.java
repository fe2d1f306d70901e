// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import static dev.peregrine.grpc.boot.security.fixture.Callers.basic;
import static dev.peregrine.grpc.boot.security.fixture.Callers.open;
import static dev.peregrine.grpc.boot.security.fixture.Callers.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.security.fixture.BlockingVault;
import dev.peregrine.grpc.boot.security.fixture.Callers;
import dev.peregrine.grpc.boot.security.fixture.Issuer;
import dev.peregrine.grpc.boot.security.fixture.Lobby;
import dev.peregrine.grpc.boot.security.fixture.SecurityRunners;
import dev.peregrine.grpc.boot.server.GrpcServerCustomizer;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.health.v1.Health;
import dev.peregrine.grpc.health.v1.HealthCheckRequest;
import dev.peregrine.grpc.health.v1.HealthCheckResponse.ServingStatus;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** What an application is open to that has Spring Security and says nothing, or little. */
class ClosedByDefaultTests {

    private static final Issuer ISSUER = new Issuer();

    private final ApplicationContextRunner runner = SecurityRunners.runner().withUserConfiguration(BlockingVault.class);

    @Test
    void whoSaysNothingIsClosed() {
        runner.run(context -> {
            assertThat(refusalOf(context, null).code()).isEqualTo(StatusCode.UNAUTHENTICATED);
            assertThat(context.getBean(AccessControl.class).rules())
                    .containsEntry("fixture.Vault/Open", "denyAll (no rule matches)")
                    .containsEntry("grpc.health.v1.Health/Check", "permitAll");
            assertThat(context.getBean(AccessControl.class).openMethods())
                    .allMatch(method -> method.startsWith("grpc.health.v1.Health/"));
        });
    }

    @Test
    void healthIsOpenToProbes() {
        runner.run(context -> {
            try (ManagedChannel channel = Callers.channelTo(context)) {
                assertThat(Health.Client.create(channel)
                                .check(HealthCheckRequest.getDefaultInstance())
                                .getStatus())
                        .isNotEqualTo(ServingStatus.SERVICE_UNKNOWN);
            }
        });
    }

    @Test
    void healthCanBeLeftToTheRules() {
        runner.withPropertyValues("grpc.security.health=by-rules").run(context -> {
            try (ManagedChannel channel = Callers.channelTo(context)) {
                assertThat(catchThrowableOfType(
                                        StatusException.class,
                                        () -> Health.Client.create(channel)
                                                .check(HealthCheckRequest.getDefaultInstance()))
                                .code())
                        .isEqualTo(StatusCode.UNAUTHENTICATED);
            }
        });
    }

    @Test
    void whereTokensCanBeCheckedWhoHasOneMayCall() {
        runner.withBean(JwtDecoder.class, ISSUER::decoder).run(context -> {
            assertThat(open(context, "Bearer " + ISSUER.token("ann", "read"))).isEqualTo("ann");
            assertThat(refusalOf(context, null).code()).isEqualTo(StatusCode.UNAUTHENTICATED);
            assertThat(context.getBean(AccessControl.class).rules())
                    .containsEntry("fixture.Vault/Open", "authenticated");
        });
    }

    @Test
    void theUserOfThePropertiesMayCall() {
        runner.withPropertyValues("spring.security.user.name=ann", "spring.security.user.password=se:cr:et")
                .run(context -> {
                    assertThat(open(context, basic("ann", "se:cr:et"))).isEqualTo("ann");
                    assertThat(refusalOf(context, basic("ann", "se")).code()).isEqualTo(StatusCode.UNAUTHENTICATED);
                });
    }

    @Test
    void aServiceThatACustomizerAddsIsClosedAndOpensToCredentials() {
        SecurityRunners.runner()
                .withBean(EmptyLobby.class) // Else there would be no server to customize.
                .withBean(GrpcServerCustomizer.class, () -> (name, server) -> server.service(new BlockingVault()))
                .withBean(JwtDecoder.class, ISSUER::decoder)
                .run(context -> {
                    assertThat(open(context, "Bearer " + ISSUER.token("ann", "read")))
                            .isEqualTo("ann");
                    assertThat(refusalOf(context, null).code()).isEqualTo(StatusCode.UNAUTHENTICATED);
                    assertThat(refusalOf(context, "Bearer {}").code()).isEqualTo(StatusCode.UNAUTHENTICATED);
                    assertThat(refusalOf(context, "Bearer wrong").code()).isEqualTo(StatusCode.UNAUTHENTICATED);
                });
    }

    @Test
    void nobodyIsAskedWhereItIsSwitchedOff() {
        runner.withPropertyValues("grpc.security.enabled=false")
                .run(context -> assertThat(open(context, null)).isEqualTo("nobody"));
    }

    @Test
    void whatIsMissingIsCountedAndToldHowToGive() {
        runner.withBean(JwtDecoder.class, ISSUER::decoder).run(context -> {
            assertThat(refusalOf(context, null).trailers().get(MetadataKey.ascii("www-authenticate")))
                    .isEqualTo("Bearer");
            assertThat(context.getBean(SecurityCounts.class).of(SecurityCounts.Refusal.MISSING))
                    .isEqualTo(1);
        });
    }

    @GrpcService
    static class EmptyLobby implements Lobby.Service {}
}
