// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.peregrine.grpc.MetadataKey;
import org.junit.jupiter.api.Test;

class ClientFlagsTests {

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
    void aCaseNobodyKnowsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestCases.named("no_such_case"))
                .withMessage("no test case 'no_such_case'");
    }

    private static ClientFlags parse(String... arguments) {
        return ClientFlags.parse(arguments);
    }
}
