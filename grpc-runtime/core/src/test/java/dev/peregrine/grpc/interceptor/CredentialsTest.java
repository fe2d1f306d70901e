// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Texts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens and passwords: what they are in a header, and that they are nowhere else. */
class CredentialsTest {

    private static String header(CallCredentials credentials) {
        return credentials
                .forCall(Texts.UNARY, "host:1")
                .toCompletableFuture()
                .getNow(Metadata.EMPTY)
                .get(CallCredentials.AUTHORIZATION);
    }

    // ---- bearer tokens ----

    @Test
    void aTokenIsSentAsItIs() {
        assertThat(header(BearerToken.of("abc.def-123~+/=="))).isEqualTo("Bearer abc.def-123~+/==");
    }

    @Test
    void aSuppliedTokenIsAskedForWithEachCall() {
        int[] asked = new int[1];
        BearerToken token = BearerToken.from(() -> "t" + ++asked[0]);
        assertThat(header(token)).isEqualTo("Bearer t1");
        assertThat(header(token)).isEqualTo("Bearer t2");
    }

    @Test
    void theSameTokenIsNotWrittenIntoAHeaderAgain() {
        BearerToken token = BearerToken.from(() -> new String("same"));
        assertThat(token.forCall(Texts.UNARY, "a")).isSameAs(token.forCall(Texts.UNARY, "b"));
    }

    @Test
    void aTokenThatIsFetchedIsWaitedFor() {
        CompletableFuture<String> fetched = new CompletableFuture<>();
        BearerToken token = BearerToken.fromAsync(() -> fetched);
        CompletionStage<Metadata> waiting = token.forCall(Texts.UNARY, "a");
        assertThat(waiting.toCompletableFuture()).isNotDone();
        fetched.complete("late");
        assertThat(waiting.toCompletableFuture().join().get(CallCredentials.AUTHORIZATION))
                .isEqualTo("Bearer late");
        assertThat(header(token)).isEqualTo("Bearer late");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret\n", "sec ret", "sécret", "secret\u007f", "secret\u0000"})
    void aTokenThatCannotTravelIsRefusedAndNotRepeated(String token) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BearerToken.of(token))
                .withMessageStartingWith("the bearer token of " + token.length() + " characters holds one at index ")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("ret"));
    }

    @Test
    void noTokenIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BearerToken.of(""))
                .withMessage("the bearer token is empty");
        CompletableFuture<Metadata> fetched = BearerToken.fromAsync(() -> CompletableFuture.supplyAsync(() -> "a b"))
                .forCall(Texts.UNARY, "a")
                .toCompletableFuture();
        assertThat(fetched)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- user names and passwords ----

    private static String pair(CallCredentials credentials) {
        String header = header(credentials);
        assertThat(header).startsWith("Basic ");
        return new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
    }

    @Test
    void userNameAndPasswordTravelInUtf8() {
        assertThat(pair(BasicCredentials.of("müller", "pässwörd€"))).isEqualTo("müller:pässwörd€");
        // RFC 7617 §2.1, its example of UTF-8.
        assertThat(header(BasicCredentials.of("test", "123£"))).isEqualTo("Basic dGVzdDoxMjPCow==");
    }

    @Test
    void aPasswordMayHoldColonsAndMayBeEmpty() {
        assertThat(pair(BasicCredentials.of("alice", "a:b:c"))).isEqualTo("alice:a:b:c");
        assertThat(pair(BasicCredentials.of("alice", ""))).isEqualTo("alice:");
    }

    @Test
    void aUserNameWithAColonIsRefusedAndNotRepeated() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BasicCredentials.of("al:ice", "secret"))
                .withMessage(
                        "the user name of 6 characters holds a colon at index 2; RFC 7617 ends it there, so it must"
                                + " not hold one");
    }

    @Test
    void controlCharactersAreRefusedAndNotRepeated() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BasicCredentials.of("alice", "secret\n"))
                .withMessage("the password of 7 characters holds a control character at index 6; RFC 7617 allows none");
        assertThatIllegalArgumentException().isThrownBy(() -> BasicCredentials.of("ali\u007fce", "secret"));
    }

    // ---- secrets ----

    @Test
    void nothingShowsASecret() {
        BearerToken token = BearerToken.of("secret");
        header(token);
        assertThat(token).hasToString("BearerToken[...]");
        assertThat(BasicCredentials.of("alice", "secret")).hasToString("BasicCredentials[...]");
        assertThat(CredentialsInterceptor.of(token)).hasToString("CredentialsInterceptor[BearerToken]");
    }
}
