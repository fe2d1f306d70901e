// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import static dev.peregrine.grpc.boot.security.fixture.CallKind.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.security.SecurityCounts.Refusal;
import dev.peregrine.grpc.boot.security.fixture.BlockingVault;
import dev.peregrine.grpc.boot.security.fixture.CallKind;
import dev.peregrine.grpc.boot.security.fixture.Callers;
import dev.peregrine.grpc.boot.security.fixture.Found;
import dev.peregrine.grpc.boot.security.fixture.Issuer;
import dev.peregrine.grpc.boot.security.fixture.SecurityRunners;
import dev.peregrine.grpc.boot.security.fixture.Vault;
import dev.peregrine.grpc.client.ManagedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionAuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;

/** What callers can use up who have no right to anything: no thread, or so many as were set. */
@Timeout(60)
class ExhaustionTests {

    private static final int CALLS = 10_000;
    private static final int AT_ONCE = 100;
    private static final Issuer ISSUER = new Issuer();

    @Test
    void callsWithoutCredentialsTakeNoThread() {
        SecurityRunners.runner()
                .withUserConfiguration(BlockingVault.class, OneThread.class)
                .withBean(JwtDecoder.class, ISSUER::decoder)
                .withPropertyValues("grpc.server.executor.bean=one")
                .run(context -> {
                    ThreadPoolExecutor one = context.getBean(ThreadPoolExecutor.class);
                    CountDownLatch atWork = new CountDownLatch(1);
                    one.execute(() -> awaitQuietly(atWork));
                    try (ManagedChannel channel = Callers.channelTo(context)) {
                        Vault.AsyncClient client = Vault.AsyncClient.create(channel);
                        for (int i = 0; i < CALLS; i += AT_ONCE) {
                            String header = i < CALLS / 2 ? null : "Bearer {malformed}";
                            assertThat(codes(Callers.as(client, header), AT_ONCE))
                                    .containsOnly(StatusCode.UNAUTHENTICATED);
                        }
                        assertThat(one.getTaskCount()).isEqualTo(1);
                    } finally {
                        atWork.countDown();
                    }
                    SecurityCounts counts = context.getBean(SecurityCounts.class);
                    assertThat(counts.of(Refusal.MISSING)).isEqualTo(CALLS / 2);
                    assertThat(counts.of(Refusal.MALFORMED)).isEqualTo(CALLS / 2);
                });
    }

    @Test
    void aServerThatIsAskedAboutTokensAndHangsHoldsSoManyThreadsAndNoMore() {
        HangingIntrospector introspector = new HangingIntrospector();
        mechanismsByMethod(introspector).run(context -> {
            try (ManagedChannel channel = Callers.channelTo(context)) {
                Vault.AsyncClient opaque = Callers.as(Vault.AsyncClient.create(channel), "Bearer ann");
                List<CompletableFuture<Found>> held = List.of(
                        opaque.open(ask("")).toCompletableFuture(),
                        opaque.open(ask("")).toCompletableFuture());
                assertThat(introspector.asked.tryAcquire(2, 30, TimeUnit.SECONDS))
                        .isTrue();

                assertThat(codes(opaque, 50)).containsOnly(StatusCode.RESOURCE_EXHAUSTED);
                assertThat(introspector.asked.availablePermits()).isZero();
                assertThat(context.getBean(SecurityCounts.class).of(Refusal.BUSY))
                        .isEqualTo(50);

                Vault.Client client = Vault.Client.create(channel);
                String token = "Bearer " + ISSUER.token("bob", "read");
                assertThat(CallKind.SERVER_STREAMING.call(Callers.as(client, token), ""))
                        .containsOnly("bob");
                assertThat(CallKind.CLIENT_STREAMING.call(Callers.as(client, null), ""))
                        .containsOnly("anonymous");

                introspector.answers.countDown();
                for (CompletableFuture<Found> response : held) {
                    assertThat(response.get(30, TimeUnit.SECONDS).getWho()).isEqualTo("ann");
                }
                assertThat(CallKind.UNARY.call(Callers.as(client, "Bearer ann"), ""))
                        .containsOnly("ann");
            } finally {
                introspector.answers.countDown();
            }
        });
    }

    @Test
    void tokensOfMadeUpKeysHoldSoManyThreadsAndNoMore() {
        HangingKeys keys = new HangingKeys();
        SecurityRunners.runner()
                .withUserConfiguration(BlockingVault.class)
                .withBean(JwtDecoder.class, () -> keys)
                .withPropertyValues(
                        "grpc.security.max-concurrent-authentications=2", "grpc.server.executor.pool-size=4")
                .run(context -> {
                    try (ManagedChannel channel = Callers.channelTo(context)) {
                        Vault.Client ann =
                                Callers.as(Vault.Client.create(channel), "Bearer " + ISSUER.token("ann", "read"));
                        assertThat(CallKind.UNARY.call(ann, "")).containsOnly("ann");

                        Vault.AsyncClient forger = Callers.as(
                                Vault.AsyncClient.create(channel),
                                "Bearer "
                                        + ISSUER.token("mallory", "read")
                                                .replaceFirst("[^.]*", "eyJhbGciOiJSUzI1NiJ9"));
                        List<CompletableFuture<Found>> held = List.of(
                                forger.open(ask("")).toCompletableFuture(),
                                forger.open(ask("")).toCompletableFuture());
                        assertThat(keys.fetched.tryAcquire(2, 30, TimeUnit.SECONDS))
                                .isTrue();
                        assertThat(codes(forger, 50)).containsOnly(StatusCode.RESOURCE_EXHAUSTED);
                        assertThat(CallKind.UNARY.call(ann, "")).containsOnly("ann");

                        keys.answer.countDown();
                        for (CompletableFuture<Found> response : held) {
                            assertThat(response.handle((found, failure) -> codeOf(failure))
                                            .get(30, TimeUnit.SECONDS))
                                    .isEqualTo(StatusCode.UNAUTHENTICATED);
                        }
                    } finally {
                        keys.answer.countDown();
                    }
                });
    }

    @Test
    void aCallerWhoGoesAwayGivesItsPlaceBackAndIsNoFailureOfOurs() {
        HangingIntrospector introspector = new HangingIntrospector();
        mechanismsByMethod(introspector).run(context -> {
            try (ManagedChannel channel = Callers.channelTo(context)) {
                Vault.AsyncClient opaque = Callers.as(Vault.AsyncClient.create(channel), "Bearer ann");
                CompletableFuture<Found> first = opaque.open(ask("")).toCompletableFuture();
                CompletableFuture<Found> second = opaque.open(ask("")).toCompletableFuture();
                assertThat(introspector.asked.tryAcquire(2, 30, TimeUnit.SECONDS))
                        .isTrue();
                first.cancel(true);
                second.cancel(true);
                // The check is interrupted with the call, and its place is free soon after.
                introspector.letIn = true;
                assertThat(whoIsLetInAtLast(Callers.as(Vault.Client.create(channel), "Bearer ann")))
                        .isEqualTo("ann");
                assertThat(context.getBean(SecurityCounts.class).of(Refusal.UNABLE))
                        .isZero();
            } finally {
                introspector.answers.countDown();
            }
        });
    }

    /** Calls until there is a place; the test's time bounds it. */
    private static String whoIsLetInAtLast(Vault.Client client) {
        while (true) {
            try {
                return client.open(ask("")).getWho();
            } catch (StatusException busy) {
                assertThat(busy.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
            }
        }
    }

    /** Two checks at once, four threads: opaque tokens for Open, JWTs for List, nothing for the rest. */
    private static ApplicationContextRunner mechanismsByMethod(OpaqueTokenIntrospector introspector) {
        return SecurityRunners.runner()
                .withUserConfiguration(BlockingVault.class, MechanismsByMethod.class)
                .withBean(OpaqueTokenIntrospector.class, () -> introspector)
                .withPropertyValues(
                        "grpc.security.max-concurrent-authentications=2", "grpc.server.executor.pool-size=4");
    }

    private static List<StatusCode> codes(Vault.AsyncClient client, int calls) {
        List<CompletableFuture<StatusCode>> codes = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            codes.add(client.open(ask("")).toCompletableFuture().handle((found, failure) -> codeOf(failure)));
        }
        return codes.stream().map(CompletableFuture::join).toList();
    }

    private static StatusCode codeOf(Throwable failure) {
        if (failure == null) {
            return StatusCode.OK;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return ((StatusException) cause).code();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException shutdown) {
            Thread.currentThread().interrupt();
        }
    }

    /** Knows the key of the issuer, and fetches others from a server that does not answer. */
    private static final class HangingKeys implements JwtDecoder {

        private final JwtDecoder known = ISSUER.decoder();
        private final String header = ISSUER.token("any", "any").split("\\.")[0];
        private final Semaphore fetched = new Semaphore(0);
        private final CountDownLatch answer = new CountDownLatch(1);

        @Override
        public Jwt decode(String token) {
            if (!token.startsWith(header + ".")) {
                fetched.release();
                awaitQuietly(answer);
                throw new BadJwtException("no such key");
            }
            return known.decode(token);
        }
    }

    /** Does not answer until it is told to. */
    private static final class HangingIntrospector implements OpaqueTokenIntrospector {

        private final Semaphore asked = new Semaphore(0);
        private final CountDownLatch answers = new CountDownLatch(1);
        private volatile boolean letIn;

        @Override
        public OAuth2IntrospectionAuthenticatedPrincipal introspect(String token) {
            asked.release();
            try {
                if (!letIn) {
                    answers.await();
                }
            } catch (InterruptedException cancelled) {
                throw new IllegalStateException("interrupted", cancelled);
            }
            return new OAuth2IntrospectionAuthenticatedPrincipal(
                    token, Map.of("sub", token), AuthorityUtils.NO_AUTHORITIES);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OneThread {

        @Bean
        ThreadPoolExecutor one() {
            return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class MechanismsByMethod {

        @Bean
        GrpcSecurityChain opaque(GrpcSecurity grpc) {
            return grpc.callsMatching("fixture.Vault/Open")
                    .oauth2ResourceServer(tokens -> tokens.opaqueToken())
                    .authorizeCalls(calls -> calls.anyCall().authenticated())
                    .build();
        }

        @Bean
        GrpcSecurityChain jwt(GrpcSecurity grpc) {
            return grpc.callsMatching("fixture.Vault/List")
                    .oauth2ResourceServer(tokens -> tokens.jwt(ISSUER.decoder()))
                    .authorizeCalls(calls -> calls.anyCall().authenticated())
                    .build();
        }

        @Bean
        GrpcSecurityChain open(GrpcSecurity grpc) {
            return grpc.callsMatching("fixture.Vault/Put")
                    .oauth2ResourceServer(tokens -> tokens.opaqueToken())
                    .authorizeCalls(calls -> calls.anyCall().permitAll())
                    .build();
        }
    }
}
