// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.TestCertificates;
import org.junit.jupiter.api.Test;

class ServerFlagsTests {

    private static final String CERTIFICATE = "--tls_cert_file=" + TestCertificates.serverChain();
    private static final String KEY = "--tls_key_file=" + TestCertificates.serverKey();

    @Test
    void aServerSpeaksPlaintextUnlessToldOtherwise() {
        assertThat(parse()).isEqualTo(new ServerFlags(8080, null, Face.BLOCKING));
        assertThat(parse("--use_tls=false", "--port=0", "--face=async"))
                .isEqualTo(new ServerFlags(0, null, Face.ASYNC));
    }

    @Test
    void withTlsItHasTheCertificateOfTheFiles() {
        assertThat(parse("--use_tls=true", CERTIFICATE, KEY).tls().identity())
                .hasToString("TlsIdentity[" + TestCertificates.serverChain() + "]");
    }

    @Test
    void tlsWithoutACertificateOrItsKeyIsRefused() {
        refused("--use_tls=true needs --tls_cert_file=FILE", "--use_tls=true", KEY);
        refused("--use_tls=true needs --tls_key_file=FILE", "--use_tls=true", CERTIFICATE);
    }

    @Test
    void aFileThatCannotBeReadIsRefusedByName() {
        refused("/no/such/key.pem", "--use_tls=true", CERTIFICATE, "--tls_key_file=/no/such/key.pem");
    }

    @Test
    void aFileThatHoldsSomethingElseIsRefusedByName() {
        refused(
                TestCertificates.serverChain().toString(),
                "--use_tls=true",
                CERTIFICATE,
                "--tls_key_file=" + TestCertificates.serverChain());
    }

    private static ServerFlags parse(String... arguments) {
        return ServerFlags.parse(arguments);
    }

    private static void refused(String part, String... arguments) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(arguments)).withMessageContaining(part);
    }
}
