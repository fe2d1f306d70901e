// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.interop.TestCertificates;
import dev.peregrine.grpc.tls.ClientTls;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientFlagsTests {

    private static final String CA_FILE = "--ca_file=" + TestCertificates.authority();

    @Test
    void additionalMetadataIsKeysAndValuesApartBySemicolons() {
        ClientFlags flags = parse("--additional_metadata=a:1;b:x:y;a:2");

        assertThat(flags.additionalMetadata().getAll(MetadataKey.ascii("a"))).containsExactly("1", "2");
        assertThat(flags.additionalMetadata().getAll(MetadataKey.ascii("b"))).containsExactly("x:y");
    }

    @Test
    void additionalMetadataWithoutAKeyIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--additional_metadata=novalue"))
                .withMessage("--additional_metadata: 'novalue' (expected: key:value)");
    }

    @Test
    void theAuthorityNamesTheServerUnlessOverridden() {
        assertThat(parse("--server_host=::1", "--server_port=1").authority()).isEqualTo("[::1]:1");
        assertThat(parse("--server_host_override=foo.test.example").authority()).isEqualTo("foo.test.example:8080");
    }

    @Test
    void theFlagsOfTheOfficialDescriptionAreUnderstood() {
        ClientFlags flags = parse(
                "--server_host=127.0.0.1",
                "--server_port=1234",
                "--test_case=empty_unary",
                "--use_tls=false",
                "--use_test_ca=true",
                "--default_service_account=a",
                "--oauth_scope=b",
                "--service_account_key_file=c");

        assertThat(flags.target()).isEqualTo("127.0.0.1:1234");
        assertThat(flags.testCase()).isEqualTo("empty_unary");
    }

    @Test
    void aClientSpeaksPlaintextUnlessToldOtherwise() {
        assertThat(parse().tls()).isNull();
        assertThat(parse("--use_test_ca=true", CA_FILE).tls()).isNull();
    }

    @Test
    void withTlsItTrustsTheAuthoritiesOfTheSystem() {
        assertThat(parse("--use_tls=true").tls()).isEqualTo(ClientTls.systemRoots());
        assertThat(parse("--use_tls=true", CA_FILE).tls()).isEqualTo(ClientTls.systemRoots());
    }

    @Test
    void withTheTestAuthorityItTrustsNoOther() {
        assertThat(parse("--use_tls=true", "--use_test_ca=true", CA_FILE).tls().trust())
                .hasToString("TlsTrust[" + TestCertificates.authority() + "]");
    }

    @Test
    void theTestAuthorityHasToBeThere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--use_tls=true", "--use_test_ca=true"))
                .withMessage("--use_test_ca=true needs --ca_file=FILE");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--use_tls=true", "--use_test_ca=true", "--ca_file=/no/such/ca.pem"))
                .withMessageContaining("/no/such/ca.pem");
    }

    @Test
    void aSoakIsAsLongAsTheFlagsSay() {
        assertThat(parse().soak()).isEqualTo(SoakPlan.DEFAULT);
        assertThat(parse(
                                "--soak_iterations=1",
                                "--soak_max_failures=2",
                                "--soak_per_iteration_max_acceptable_latency_ms=3",
                                "--soak_min_time_ms_between_rpcs=4",
                                "--soak_overall_timeout_seconds=5",
                                "--soak_request_size=6",
                                "--soak_response_size=7",
                                "--soak_num_threads=8")
                        .soak())
                .isEqualTo(
                        new SoakPlan(1, 2, Duration.ofMillis(3), Duration.ofMillis(4), Duration.ofSeconds(5), 6, 7, 8));
    }

    @Test
    void aCaseNobodyKnowsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestCases.named("no_such_case"))
                .withMessage("no test case 'no_such_case'");
    }

    private static ClientFlags parse(String... arguments) {
        return ClientFlags.parse(arguments);
    }
}
