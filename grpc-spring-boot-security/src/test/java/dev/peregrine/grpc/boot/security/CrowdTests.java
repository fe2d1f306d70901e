// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import static dev.peregrine.grpc.boot.security.fixture.CallKind.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.security.fixture.Badges;
import dev.peregrine.grpc.boot.security.fixture.CallKind;
import dev.peregrine.grpc.boot.security.fixture.Callers;
import dev.peregrine.grpc.boot.security.fixture.Certificates;
import dev.peregrine.grpc.boot.security.fixture.Found;
import dev.peregrine.grpc.boot.security.fixture.Issuer;
import dev.peregrine.grpc.boot.security.fixture.SecuredApplication;
import dev.peregrine.grpc.boot.security.fixture.SecurityRunners;
import dev.peregrine.grpc.boot.security.fixture.ServiceMode;
import dev.peregrine.grpc.boot.security.fixture.Testimony;
import dev.peregrine.grpc.boot.security.fixture.Vault;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.stub.ClientStub;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/**
 * Fifty callers at once, in all kinds of call and before all kinds of service, with refusals, cancellations, deadlines and
 * other threads between: everybody is answered as who they are, and refused for the right reason. For some seconds, or as
 * many as {@code -Dcrowd.seconds} says; {@code -Dcrowd.seed} repeats the choices of a run, as far as threads allow.
 */
class CrowdTests {

    private static final int CALLERS = 50;
    private static final int WORKERS = 12;
    private static final int BURST = 200;
    private static final int HANDLERS = 16;
    private static final int SECONDS = Integer.getInteger("crowd.seconds", 6);
    private static final long SEED = Long.getLong("crowd.seed", 20_260_101L);

    private static final Issuer ISSUER = new Issuer();
    private static final Map<ServiceMode, SecuredApplication> RUNNING = new LinkedHashMap<>();

    private final List<Caller> callers =
            IntStream.range(0, CALLERS).mapToObj(Caller::numbered).toList();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<Plan, LongAdder> done = new ConcurrentHashMap<>();

    /** What becomes of one call, or of a pile of them. */
    private enum Plan {
        ANSWERED,
        DEED,
        BURST,
        NOBODY,
        FORGED,
        CANCELLED,
        LATE
    }

    /** Somebody with a name, who may or may not. */
    private record Caller(String name, boolean may, Metadata credentials, Metadata forged) {

        static Caller numbered(int number) {
            String name = "user-" + number;
            boolean may = number % 5 != 0;
            String right = may ? "enter" : "read";
            return switch (number % 3) {
                case 0 ->
                    new Caller(
                            name,
                            may,
                            authorization("Bearer " + ISSUER.token(name, right)),
                            authorization(
                                    "Bearer " + ISSUER.token(name, right).replaceAll("[^.]{20}$", "A".repeat(20))));
                case 1 ->
                    new Caller(
                            name,
                            may,
                            authorization(Callers.basic(name, "of " + name)),
                            authorization(Callers.basic(name, "of another")));
                default ->
                    new Caller(
                            name,
                            may,
                            Metadata.of(Badges.BADGE, name + ":" + right + ":genuine"),
                            Metadata.of(Badges.BADGE, name + ":" + right + ":forged"));
            };
        }

        private static Metadata authorization(String header) {
            return Metadata.of(Callers.AUTHORIZATION, header);
        }
    }

    @BeforeAll
    static void start() {
        Certificates certificates = new Certificates();
        for (ServiceMode mode : List.of(ServiceMode.BLOCKING, ServiceMode.ASYNCHRONOUS, ServiceMode.NON_BLOCKING)) {
            RUNNING.put(
                    mode,
                    new SecuredApplication(
                            certificates,
                            Map.of("grpc.server.executor.bean", "handlers", "logging.level.root", "off"),
                            SecurityRunners.Configurations.class,
                            Crowded.class,
                            mode.service()));
        }
    }

    @AfterAll
    static void stop() {
        RUNNING.values().forEach(SecuredApplication::close);
        RUNNING.clear();
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void everybodyIsAnsweredAsWhoTheyAre() throws Exception {
        Testimony.CANCELLED.clear();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                Random random = new Random(SEED + i);
                all.add(workers.submit(() -> {
                    while (System.nanoTime() < end && wrong.isEmpty()) {
                        step(random);
                    }
                }));
            }
            for (Future<?> worker : all) {
                worker.get();
            }
        } finally {
            workers.shutdownNow();
        }

        assertThat(wrong).as("with -Dcrowd.seed=" + SEED).isEmpty();
        assertThat(done).containsOnlyKeys(Plan.values());
        for (SecuredApplication application : RUNNING.values()) {
            assertThat(whomThreadsWorkFor(application)).containsOnly("nobody");
        }
        assertThat(Testimony.CANCELLED).isNotEmpty().allMatch(who -> who.matches("user-\\d+"));
    }

    private void step(Random random) {
        Plan plan = Plan.values()[random.nextInt(Plan.values().length)];
        SecuredApplication application = List.copyOf(RUNNING.values()).get(random.nextInt(RUNNING.size()));
        CallKind kind = CallKind.values()[random.nextInt(CallKind.values().length)];
        Caller caller = callers.get(random.nextInt(CALLERS));
        Vault.Client client = as(Vault.Client.create(application.plain()), caller.credentials());
        switch (plan) {
            case ANSWERED -> expect(plan, kind, caller, outcome(kind, client, ""));
            case DEED -> {
                String deed = List.of("become", "replace", "clear", "hand-off", "hand-on")
                        .get(random.nextInt(5));
                expect(plan, CallKind.UNARY, caller, outcome(CallKind.UNARY, client, deed));
            }
            case BURST -> burst(application, random);
            case NOBODY ->
                expect(
                        plan,
                        outcome(kind, as(Vault.Client.create(application.plain()), Metadata.EMPTY), ""),
                        StatusCode.UNAUTHENTICATED.name());
            case FORGED ->
                expect(
                        plan,
                        outcome(kind, as(Vault.Client.create(application.plain()), caller.forged()), ""),
                        StatusCode.UNAUTHENTICATED.name());
            case CANCELLED -> cancelled(application, client, caller, kind);
            case LATE -> {
                Vault.Client hasty = client.withDeadlineAfter(Duration.ofMillis(1 + random.nextInt(20)));
                String outcome = outcome(CallKind.UNARY, hasty, "wait");
                if (caller.may() || !outcome.equals(StatusCode.PERMISSION_DENIED.name())) {
                    expect(plan, outcome, StatusCode.DEADLINE_EXCEEDED.name());
                }
            }
        }
        done.computeIfAbsent(plan, any -> new LongAdder()).increment();
    }

    /** Many callers at the same moment. */
    private void burst(SecuredApplication application, Random random) {
        Vault.AsyncClient client = Vault.AsyncClient.create(application.plain());
        Map<Caller, List<CompletableFuture<String>>> outcomes = new LinkedHashMap<>();
        for (int i = 0; i < BURST; i++) {
            Caller caller = callers.get(random.nextInt(CALLERS));
            outcomes.computeIfAbsent(caller, any -> new ArrayList<>())
                    .add(as(client, caller.credentials())
                            .open(ask(random.nextBoolean() ? "" : "hand-off"))
                            .toCompletableFuture()
                            .handle((found, failure) -> failure == null ? found.getWho() : codeOf(failure)));
        }
        outcomes.forEach((caller, said) -> said.forEach(outcome -> expect(
                Plan.BURST, outcome.join(), caller.may() ? caller.name() : StatusCode.PERMISSION_DENIED.name())));
    }

    private void cancelled(SecuredApplication application, Vault.Client client, Caller caller, CallKind kind) {
        if (kind == CallKind.UNARY || kind == CallKind.CLIENT_STREAMING) {
            CompletableFuture<Found> response = as(Vault.AsyncClient.create(application.plain()), caller.credentials())
                    .open(ask("wait"))
                    .toCompletableFuture();
            response.cancel(true);
            return;
        }
        try (var call = kind == CallKind.SERVER_STREAMING ? client.list(ask("wait")) : talk(client)) {
            expect(Plan.CANCELLED, call.read().getWho(), caller.name());
        } catch (StatusException refused) {
            expect(Plan.CANCELLED, refused.code().name(), caller.may() ? "" : StatusCode.PERMISSION_DENIED.name());
        }
    }

    private static ServerStreamingCall<Found> talk(Vault.Client client) {
        var call = client.talk();
        call.write(ask(""));
        return call;
    }

    private void expect(Plan plan, CallKind kind, Caller caller, String outcome) {
        expect(
                plan,
                outcome,
                caller.may()
                        ? Collections.nCopies(kind.responses(), caller.name()).toString()
                        : StatusCode.PERMISSION_DENIED.name());
    }

    private void expect(Plan plan, String found, String expected) {
        if (!found.equals(expected)) {
            wrong.add(plan + ": " + found + " (expected: " + expected + ")");
        }
    }

    /** The names in the responses, or the code. */
    private static String outcome(CallKind kind, Vault.Client client, String text) {
        try {
            return kind.call(client, text).toString();
        } catch (StatusException refused) {
            return refused.code().name();
        }
    }

    private static String codeOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof StatusException status ? status.code().name() : cause.toString();
    }

    private static <S extends ClientStub<S>> S as(S client, Metadata credentials) {
        return client.withCallOptions(
                CallOptions.DEFAULT.withMetadata(credentials).withTimeout(Duration.ofSeconds(60)));
    }

    /** Asked on each thread that handlers had. */
    private static List<String> whomThreadsWorkFor(SecuredApplication application) throws Exception {
        ExecutorService handlers = application.context().getBean("handlers", ExecutorService.class);
        CountDownLatch together = new CountDownLatch(HANDLERS);
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < HANDLERS; i++) {
            answers.add(handlers.submit(() -> {
                together.countDown();
                together.await();
                return Testimony.whoThreadWorksFor();
            }));
        }
        List<String> names = new ArrayList<>();
        for (Future<String> answer : answers) {
            names.add(answer.get(60, TimeUnit.SECONDS));
        }
        return names;
    }

    @Configuration(proxyBeanMethods = false)
    static class Crowded {

        @Bean
        ExecutorService handlers() {
            return Executors.newFixedThreadPool(HANDLERS);
        }

        @Bean
        GrpcSecurityChain chain(GrpcSecurity grpc) {
            return grpc.oauth2ResourceServer(tokens -> tokens.jwt(ISSUER.decoder()))
                    .httpBasic()
                    .authenticationExtractor(new Badges.Reader())
                    .authenticationProvider(new Badges.Checker())
                    .authorizeCalls(calls -> calls.anyCall().hasAnyAuthority("SCOPE_enter", "ROLE_enter"))
                    .build();
        }

        @Bean
        UserDetailsService users() {
            InMemoryUserDetailsManager users = new InMemoryUserDetailsManager(IntStream.range(0, CALLERS)
                    .mapToObj(number -> User.withUsername("user-" + number)
                            .password("{noop}of user-" + number)
                            .roles(number % 5 != 0 ? "enter" : "read")
                            .build())
                    .collect(Collectors.toList()));
            return users
                    ::loadUserByUsername; // The manager itself would have each password hashed anew when it is right.
        }
    }
}
