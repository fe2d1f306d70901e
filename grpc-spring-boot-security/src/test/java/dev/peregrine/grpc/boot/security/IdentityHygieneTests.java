// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import static dev.peregrine.grpc.boot.security.fixture.CallKind.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
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
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** A call's caller is gone from the thread when the call is, whatever handlers did: there is one thread, which all calls get. */
@Timeout(60)
class IdentityHygieneTests {

    private static final Issuer ISSUER = new Issuer();
    private static final String ANN = "Bearer " + ISSUER.token("ann", "enter");
    private static final String BOB = "Bearer " + ISSUER.token("bob", "enter");
    private static final Certificates CERTIFICATES = new Certificates();
    private static final Map<ServiceMode, SecuredApplication> RUNNING = new EnumMap<>(ServiceMode.class);

    @AfterAll
    static void stop() {
        RUNNING.values().forEach(SecuredApplication::close);
        RUNNING.clear();
    }

    @BeforeEach
    void forget() {
        Testimony.WAITING.drainPermits();
        Testimony.CANCELLED.clear();
    }

    @AfterEach
    void theThreadKnowsNobody() {
        for (SecuredApplication application : RUNNING.values()) {
            assertThat(whoTheThreadWorksFor(application)).isEqualTo("nobody");
        }
    }

    @ParameterizedTest
    @MethodSource("everything")
    void ofACallThatIsAnsweredNothingStays(ServiceMode mode, CallKind kind) {
        SecuredApplication application = running(mode);
        assertThat(kind.call(client(application, ANN), "")).isEqualTo(all("ann", kind));
        assertThat(whoTheThreadWorksFor(application)).isEqualTo("nobody");
        assertThat(kind.call(client(application, BOB), "")).isEqualTo(all("bob", kind));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void ofACallThatFailsNothingStays(ServiceMode mode, CallKind kind) {
        SecuredApplication application = running(mode);
        assertThat(catchThrowableOfType(StatusException.class, () -> kind.call(client(application, ANN), "throw"))
                        .code())
                .isEqualTo(StatusCode.UNKNOWN);
        assertThat(whoTheThreadWorksFor(application)).isEqualTo("nobody");
        assertThat(kind.call(client(application, BOB), "")).isEqualTo(all("bob", kind));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void whatAHandlerSetsItselfIsGoneWithTheCall(ServiceMode mode, CallKind kind) {
        SecuredApplication application = running(mode);
        for (String deed : List.of("become", "replace", "clear")) {
            kind.call(client(application, ANN), deed);
            assertThat(whoTheThreadWorksFor(application)).as(deed).isEqualTo("nobody");
            assertThat(kind.call(client(application, BOB), "")).as(deed).isEqualTo(all("bob", kind));
        }
    }

    @ParameterizedTest
    @MethodSource("everything")
    void whoeverCancelsIsKnownToTheHandlerAndGoneThen(ServiceMode mode, CallKind kind) throws InterruptedException {
        SecuredApplication application = running(mode);
        cancelInMidStream(application, kind);
        assertThat(Testimony.CANCELLED.poll(30, TimeUnit.SECONDS)).isEqualTo("ann");
        assertThat(whoTheThreadWorksFor(application)).isEqualTo("nobody");
        assertThat(kind.call(client(application, BOB), "")).isEqualTo(all("bob", kind));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void ofACallThatIsRefusedNothingStays(ServiceMode mode, CallKind kind) {
        SecuredApplication application = running(mode);
        String mayNot = "Bearer " + ISSUER.token("carl", "read");
        assertThat(catchThrowableOfType(StatusException.class, () -> kind.call(client(application, mayNot), ""))
                        .code())
                .isEqualTo(StatusCode.PERMISSION_DENIED);
        assertThat(whoTheThreadWorksFor(application)).isEqualTo("nobody");
    }

    /** Makes a call as ann, and ends it when the handler is at work. */
    private static void cancelInMidStream(SecuredApplication application, CallKind kind) throws InterruptedException {
        Vault.Client client = client(application, ANN);
        switch (kind) {
            case UNARY -> {
                CompletableFuture<Found> response = Callers.as(Vault.AsyncClient.create(application.plain()), ANN)
                        .open(ask("wait"))
                        .toCompletableFuture();
                assertThat(Testimony.WAITING.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
                response.cancel(true);
            }
            case SERVER_STREAMING -> {
                try (var call = client.list(ask("wait"))) {
                    assertThat(call.read().getWho()).isEqualTo("ann");
                }
            }
            case CLIENT_STREAMING -> {
                try (var call = client.put()) {
                    call.write(ask("wait"));
                    assertThat(Testimony.WAITING.tryAcquire(30, TimeUnit.SECONDS))
                            .isTrue();
                }
            }
            case BIDI_STREAMING -> {
                try (var call = client.talk()) {
                    call.write(ask(""));
                    assertThat(call.read().getWho()).isEqualTo("ann");
                }
            }
        }
    }

    static Stream<Arguments> everything() {
        return Stream.of(ServiceMode.BLOCKING, ServiceMode.ASYNCHRONOUS, ServiceMode.NON_BLOCKING)
                .flatMap(mode -> Stream.of(CallKind.values()).map(kind -> Arguments.of(mode, kind)));
    }

    /** Asked on the one thread, behind all that it has to do. */
    private static String whoTheThreadWorksFor(SecuredApplication application) {
        try {
            return application
                    .context()
                    .getBean("one", ExecutorService.class)
                    .submit(Testimony::whoThreadWorksFor)
                    .get(30, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError("the thread of the handlers does not answer", failure);
        }
    }

    private static Vault.Client client(SecuredApplication application, String authorization) {
        return Callers.as(Vault.Client.create(application.plain()), authorization);
    }

    private static List<String> all(String who, CallKind kind) {
        return Collections.nCopies(kind.responses(), who);
    }

    private static SecuredApplication running(ServiceMode mode) {
        return RUNNING.computeIfAbsent(
                mode,
                any -> new SecuredApplication(
                        CERTIFICATES,
                        Map.of(
                                "grpc.server.executor.bean", "one",
                                "logging.level.dev.peregrine.grpc.server.RunningCall", "off",
                                "grpc.security.rules[0].match", "*",
                                "grpc.security.rules[0].any-scope", "enter"),
                        SecurityRunners.Configurations.class,
                        OneThread.class,
                        mode.service()));
    }

    @Configuration(proxyBeanMethods = false)
    static class OneThread {

        @Bean
        ExecutorService one() {
            return Executors.newSingleThreadExecutor();
        }

        @Bean
        JwtDecoder decoder() {
            return ISSUER.decoder();
        }
    }
}
