// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import static dev.peregrine.grpc.boot.security.fixture.CallKind.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.security.fixture.AuthorizationServer;
import dev.peregrine.grpc.boot.security.fixture.BlockingVault;
import dev.peregrine.grpc.boot.security.fixture.Callers;
import dev.peregrine.grpc.boot.security.fixture.SecurityRunners;
import dev.peregrine.grpc.boot.security.fixture.Vault;
import dev.peregrine.grpc.client.ManagedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Tokens of a real authorization server, whose keys change while calls go on.
 *
 * <p>The keys it publishes are kept for five minutes, by the decoder that Spring Boot makes; a token with a key that is not
 * among them has them fetched at once. So a new key is known with the first token that it signs, and one that is published no
 * more is accepted until then, or for those five minutes.
 */
@Timeout(120)
class AuthorizationServerTests {

    private static AuthorizationServer server;

    @BeforeAll
    static void start() {
        server = new AuthorizationServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keysChangeAndNoCallFails(boolean byIssuerAlone) {
        application(byIssuerAlone).run(context -> {
            try (ManagedChannel channel = Callers.channelTo(context);
                    Traffic traffic = new Traffic(channel, server.issue())) {
                String first = traffic.token();
                traffic.awaitCalls();

                server.rotate();
                String second = server.issue();
                traffic.use(second);
                assertThat(whoCalls(channel, first)).isEqualTo(AuthorizationServer.CLIENT);

                server.retireOldKeys();
                traffic.awaitCalls();
                // Kept, for five minutes or until the keys are fetched again.
                assertThat(whoCalls(channel, first)).isEqualTo(AuthorizationServer.CLIENT);

                server.rotate();
                traffic.use(server.issue());
                assertThat(whoCalls(channel, second)).isEqualTo(AuthorizationServer.CLIENT);
                assertThat(refusal(channel, first)).isEqualTo(StatusCode.UNAUTHENTICATED);
                assertThat(traffic.failures()).isEmpty();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatTheServerWouldNotHaveIssuedIsRefused(boolean byIssuerAlone) {
        application(byIssuerAlone).run(context -> {
            try (ManagedChannel channel = Callers.channelTo(context)) {
                assertThat(whoCalls(channel, server.sign(claims -> {}))).isEqualTo(AuthorizationServer.CLIENT);

                String good = server.issue();
                List<String> bad = List.of(
                        server.sign(claims -> claims.expiresAt(Instant.now().minusSeconds(3600))),
                        server.sign(claims -> claims.notBefore(Instant.now().plusSeconds(3600))),
                        server.sign(claims -> claims.audience(List.of("another"))),
                        server.sign(claims -> claims.claims(all -> all.remove("aud"))),
                        server.sign(claims -> claims.issuer("http://127.0.0.1:1")),
                        unsigned(good),
                        tampered(good));
                for (String token : bad) {
                    assertThat(refusal(channel, token)).as(token).isEqualTo(StatusCode.UNAUTHENTICATED);
                }
            }
        });
    }

    @Test
    void aServerThatIsNotThereIsNotTheCallersFault() {
        String token = server.issue();
        SecurityRunners.runner()
                .withUserConfiguration(BlockingVault.class)
                .withPropertyValues("spring.security.oauth2.resourceserver.jwt.issuer-uri=http://127.0.0.1:1")
                .run(context -> {
                    try (ManagedChannel channel = Callers.channelTo(context)) {
                        assertThat(refusal(channel, token)).isEqualTo(StatusCode.UNAVAILABLE);
                        assertThat(context.getBean(SecurityCounts.class).of(SecurityCounts.Refusal.UNABLE))
                                .isEqualTo(1);
                    }
                });
    }

    private static ApplicationContextRunner application(boolean byIssuerAlone) {
        String prefix = "spring.security.oauth2.resourceserver.jwt.";
        ApplicationContextRunner runner = SecurityRunners.runner()
                .withUserConfiguration(BlockingVault.class)
                .withPropertyValues(
                        prefix + "issuer-uri=" + server.uri(), prefix + "audiences=" + AuthorizationServer.CLIENT);
        return byIssuerAlone
                ? runner
                : runner.withPropertyValues(prefix + "jwk-set-uri=" + server.uri() + "/oauth2/jwks");
    }

    private static String whoCalls(ManagedChannel channel, String token) {
        return Callers.as(Vault.Client.create(channel), "Bearer " + token)
                .open(ask(""))
                .getWho();
    }

    private static StatusCode refusal(ManagedChannel channel, String token) {
        return catchThrowableOfType(StatusException.class, () -> whoCalls(channel, token))
                .code();
    }

    /** The token with {@code alg} none, and without its signature. */
    private static String unsigned(String token) {
        return base64("{\"alg\":\"none\"}") + "." + token.split("\\.")[1] + ".";
    }

    /** The token with more scopes than it was issued with. */
    private static String tampered(String token) {
        String[] parts = token.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        assertThat(claims).contains("\"read\"");
        return parts[0] + "." + base64(claims.replace("\"read\"", "\"write\"")) + "." + parts[2];
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Calls that go on in the background until this is closed, with the token of the moment. */
    private static final class Traffic implements AutoCloseable {

        private static final int THREADS = 3;

        private final AtomicReference<String> token;
        private final AtomicBoolean over = new AtomicBoolean();
        private final Queue<String> failures = new ConcurrentLinkedQueue<>();
        private final Semaphore calls = new Semaphore(0);
        private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        private final List<Future<?>> running = new ArrayList<>();

        Traffic(ManagedChannel channel, String token) {
            this.token = new AtomicReference<>(token);
            for (int i = 0; i < THREADS; i++) {
                running.add(threads.submit(() -> callOn(channel)));
            }
        }

        private void callOn(ManagedChannel channel) {
            while (!over.get()) {
                try {
                    whoCalls(channel, token.get());
                } catch (StatusException failed) {
                    failures.add(failed.getMessage());
                }
                calls.release();
            }
        }

        String token() {
            return token.get();
        }

        /** From now on; returns when calls with it have been made. */
        void use(String next) throws InterruptedException {
            token.set(next);
            awaitCalls();
        }

        /** Returns when some calls that have begun after now have ended. */
        void awaitCalls() throws InterruptedException {
            calls.drainPermits();
            assertThat(calls.tryAcquire(3 * THREADS, 60, TimeUnit.SECONDS)).isTrue();
        }

        Queue<String> failures() {
            return failures;
        }

        @Override
        public void close() throws Exception {
            over.set(true);
            for (Future<?> thread : running) {
                thread.get(60, TimeUnit.SECONDS);
            }
            threads.shutdown();
        }
    }
}
