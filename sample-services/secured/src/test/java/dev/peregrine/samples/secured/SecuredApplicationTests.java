// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.secured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.interceptor.BearerToken;
import dev.peregrine.grpc.interceptor.CredentialsInterceptor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The bank on a free port, over TLS: who gets in, and what the others are told. */
@SpringBootTest(
        properties = {
            "grpc.server.address=127.0.0.1",
            "grpc.server.port=0",
            "grpc.client.default.target=localhost:${local.grpc.server.port}",
            "grpc.client.default.deadline=30s"
        })
@DirtiesContext
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class SecuredApplicationTests {

    @TempDir
    private static Path keys;

    @GrpcClient("accounts")
    private Accounts.Client accounts;

    @GrpcClient("audit")
    private Accounts.Client audit;

    @Autowired
    private Customers customers;

    @DynamicPropertySource
    static void keys(DynamicPropertyRegistry properties) throws Exception {
        Keys.make(keys);
        properties.add("secured.keys", keys::toString);
    }

    @Test
    void whoeverBringsNothingIsAskedWhoTheyAre() {
        assertThat(catchThrowableOfType(StatusException.class, () -> balance(accounts))
                        .code())
                .isEqualTo(StatusCode.UNAUTHENTICATED);
    }

    @Test
    void aTokenOfAnotherIssuerIsNone(@TempDir Path elsewhere) throws Exception {
        Keys.make(elsewhere);
        String token = new Tokens(elsewhere).issue("mallory", List.of("MANAGER"));
        assertThat(catchThrowableOfType(StatusException.class, () -> balance(bearing(token)))
                        .code())
                .isEqualTo(StatusCode.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @CsvSource({"TELLER, true, false", "MANAGER, true, true", "AUDITOR, false, false", "CLEANER, false, false"})
    void aRoleOpensWhatItOpens(String role, boolean reads, boolean transfers) {
        Accounts.Client client = bearing(new Tokens(keys).issue("somebody", List.of(role)));
        assertThat(isLetIn(() -> balance(client))).isEqualTo(reads);
        assertThat(isLetIn(() -> client.transfer(
                        TransferRequest.newBuilder().setFrom("nobody").build())))
                .isEqualTo(transfers);
    }

    @Test
    void theNightlyAuditNeedsNoTokenAndReadsNoBalance() {
        assertThat(isLetIn(() -> audit(audit))).isTrue();
        assertThat(isLetIn(() -> balance(audit))).isFalse();
    }

    @Test
    void theTourTellsWhoWasLetIn(CapturedOutput output) {
        customers.run(new DefaultApplicationArguments());
        assertThat(output)
                .contains("nobody asks for ada's balance", "UNAUTHENTICATED: this method asks who calls")
                .contains("tom, a teller, asks for ada's balance", "it is ")
                .contains("PERMISSION_DENIED: the caller may not call samples.secured.Accounts/Transfer")
                .contains("moved by mary")
                .contains("50 by mary");
    }

    /** Whether the call gets to the service, whatever that says. */
    private static boolean isLetIn(Runnable call) {
        try {
            call.run();
            return true;
        } catch (StatusException answer) {
            return answer.code() != StatusCode.PERMISSION_DENIED && answer.code() != StatusCode.UNAUTHENTICATED;
        }
    }

    private static void balance(Accounts.Client client) {
        client.balance(BalanceRequest.newBuilder().setAccount("ada").build());
    }

    private static void audit(Accounts.Client client) {
        try (var bookings = client.audit(AuditRequest.getDefaultInstance())) {
            bookings.forEach(booking -> {});
        }
    }

    private Accounts.Client bearing(String token) {
        return accounts.withInterceptors(CredentialsInterceptor.of(BearerToken.of(token)));
    }
}
