// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.Security;
import dev.peregrine.grpc.interop.TestCertificates;
import dev.peregrine.grpc.interop.server.InteropServer;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client as it is started from the command line, over TLS. */
@Timeout(60)
class InteropClientTests {

    private static final String TEST_CA = "--use_test_ca=true";
    private static final String CA_FILE = "--ca_file=" + TestCertificates.authority();
    private static final String OVERRIDE = "--server_host_override=" + TestCertificates.SERVER_NAME;

    private static Server server;

    @BeforeAll
    static void start() throws IOException {
        server = InteropServer.start(0, Face.BLOCKING, Security.TLS.ofServer());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aCasePassesWithTheTestAuthorityAndTheNameOfTheServer() {
        assertThat(passes("large_unary", "--use_tls=true", TEST_CA, CA_FILE, OVERRIDE))
                .isTrue();
    }

    @Test
    void aCaseThatOpensChannelsOpensThemOverTlsToo() {
        assertThat(passes(
                        "channel_soak",
                        "--use_tls=true",
                        TEST_CA,
                        CA_FILE,
                        OVERRIDE,
                        "--soak_iterations=2",
                        "--soak_per_iteration_max_acceptable_latency_ms=20000",
                        "--soak_overall_timeout_seconds=40"))
                .isTrue();
    }

    @Test
    void theServersCertificateIsNotTrustedWithoutTheTestAuthority() {
        assertThat(passes("empty_unary", "--use_tls=true", OVERRIDE)).isFalse();
    }

    @Test
    void theServerMustHaveTheNameThatItIsCalledBy() {
        assertThat(passes("empty_unary", "--use_tls=true", TEST_CA, CA_FILE)).isFalse();
    }

    @Test
    void plaintextDoesNotReachAServerThatSpeaksTls() {
        assertThat(passes("empty_unary", "--use_tls=false", OVERRIDE)).isFalse();
    }

    @Test
    void noCaseIsRunWithFlagsThatAreNotUnderstood() {
        assertThat(passes("empty_unary", "--use_tls=true", TEST_CA)).isFalse();
        assertThat(passes("no_such_case", "--use_tls=true", TEST_CA, CA_FILE, OVERRIDE))
                .isFalse();
    }

    private static boolean passes(String name, String... flags) {
        Stream<String> always =
                Stream.of("--server_host=127.0.0.1", "--server_port=" + server.port(), "--test_case=" + name);
        return InteropClient.run(Stream.concat(always, List.of(flags).stream()).toArray(String[]::new));
    }
}
