// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.TestPki;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

@Timeout(60)
class ServerTlsTests {

    private static final TestPki PKI = new TestPki();

    @TempDir
    private static Path files;

    private final ApplicationContextRunner runner = ServerRunners.runner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
            .withBean(WhoCalls.class)
            .withPropertyValues(bundle("web", "server", false))
            .withPropertyValues(bundle("mutual", "server", true));

    @BeforeAll
    static void issueCertificates() {
        PKI.authority(files);
        TestPki.write(PKI.issue("server"), files, "server");
        TestPki.write(PKI.issue("client"), files, "client");
        TestPki.write(new TestPki().issue("stranger"), files, "stranger");
    }

    @Test
    void aServerWithABundleSpeaksTlsAndNothingElse() {
        runner.withPropertyValues("grpc.server.ssl.bundle=web").run(context -> {
            assertThat(call(context, tls(null))).isEqualTo("nobody by TLSv1.3");
            assertFails(context, null, "the server answered with TLS, but this client speaks plaintext");
        });
    }

    @Test
    void protocolsOfTheBundleAreHonoured() {
        runner.withPropertyValues(
                        "grpc.server.ssl.bundle=web", "spring.ssl.bundle.pem.web.options.enabled-protocols=TLSv1.2")
                .run(context -> {
                    assertThat(call(context, tls(null))).isEqualTo("nobody by TLSv1.2");
                    assertFails(context, tls(null).withProtocols("TLSv1.3"), "version of TLS");
                });
    }

    @Test
    void ciphersOfTheBundleAreHonoured() {
        runner.withPropertyValues(
                        "grpc.server.ssl.bundle=web",
                        "spring.ssl.bundle.pem.web.options.ciphers=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                        "spring.ssl.bundle.pem.web.options.enabled-protocols=TLSv1.2")
                .run(context -> assertFails(
                        context, tls(null).withCiphers("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"), "cipher suite"));
    }

    @Test
    void aRequiredCertificateIsRequiredAndSeen() {
        runner.withPropertyValues("grpc.server.ssl.bundle=mutual", "grpc.server.ssl.client-auth=require")
                .run(context -> {
                    assertThat(call(context, tls("client"))).isEqualTo("CN=client by TLSv1.3");
                    assertFails(context, tls(null), "the server requires a certificate");
                    assertFails(context, tls("stranger"), "the server did not accept our certificate");
                });
    }

    @Test
    void anOptionalCertificateMayBeMissingButNotWrong() {
        runner.withPropertyValues("grpc.server.ssl.bundle=mutual", "grpc.server.ssl.client-auth=optional")
                .run(context -> {
                    assertThat(call(context, tls(null))).isEqualTo("nobody by TLSv1.3");
                    assertThat(call(context, tls("client"))).isEqualTo("CN=client by TLSv1.3");
                    assertFails(context, tls("stranger"), "the server did not accept our certificate");
                });
    }

    @Test
    void aNamedServerInheritsTlsUnlessItSaysOtherwise() {
        runner.withPropertyValues(
                        "grpc.server.ssl.bundle=mutual",
                        "grpc.server.ssl.client-auth=require",
                        "grpc.server.services=*",
                        "grpc.servers.inherits.port=0",
                        "grpc.servers.inherits.services=*",
                        "grpc.servers.asks-nobody.port=0",
                        "grpc.servers.asks-nobody.services=*",
                        "grpc.servers.asks-nobody.ssl.client-auth=none",
                        "grpc.servers.plain.port=0",
                        "grpc.servers.plain.services=*",
                        "grpc.servers.plain.ssl.enabled=false",
                        "grpc.servers.within.address=inprocess:server-tls-tests",
                        "grpc.servers.within.services=*")
                .run(context -> {
                    assertThat(call("127.0.0.1:" + port(context, "inherits"), tls("client")))
                            .startsWith("CN=client");
                    assertThatExceptionOfType(StatusException.class)
                            .isThrownBy(() -> call("127.0.0.1:" + port(context, "inherits"), tls(null)));
                    assertThat(call("127.0.0.1:" + port(context, "asks-nobody"), tls(null)))
                            .isEqualTo("nobody by TLSv1.3");
                    assertThat(call("127.0.0.1:" + port(context, "plain"), null))
                            .isEqualTo("nobody by null");
                    assertThat(call("inprocess:server-tls-tests", null)).isEqualTo("nobody by null");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "ssl.enabled=true, grpc.server.ssl.enabled is true",
        "ssl.client-auth=require, grpc.server.ssl.client-auth is require"
    })
    void whatLooksLikeTlsAndWouldBePlaintextIsRefused(String property, String found) {
        runner.withPropertyValues("grpc.server." + property).run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .isEqualTo("The gRPC server has no certificate to speak TLS with: " + found
                            + ", but grpc.server.ssl.bundle is not set.");
            assertThat(analysisOf(context).getAction()).contains("grpc.server.ssl.enabled to false for plaintext");
        });
    }

    @Test
    void tlsMayBeSwitchedOffInSpiteOfABundle() {
        runner.withPropertyValues("grpc.server.ssl.bundle=web", "grpc.server.ssl.enabled=false")
                .run(context -> assertThat(call(context, null)).isEqualTo("nobody by null"));
    }

    @Test
    void aBundleThatIsMissingIsNamed() {
        runner.withPropertyValues("grpc.server.ssl.bundle=wep")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith(
                                "grpc.server.ssl.bundle names the SSL bundle 'wep', which does not exist. There are:")
                        .contains("web", "mutual"));
    }

    @Test
    void aBundleWithoutAuthoritiesCannotJudgeClients() {
        runner.withPropertyValues("grpc.server.ssl.bundle=web", "grpc.server.ssl.client-auth=require")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .contains("cannot be used: it has no trust store"));
    }

    @Test
    void nativeTlsThatIsNotThereIsRefused() {
        runner.withPropertyValues("grpc.server.ssl.bundle=web", "grpc.server.ssl.provider=native")
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .startsWith("The gRPC server does not start: ")
                            .contains("netty-tcnative");
                    assertThat(analysisOf(context).getAction()).contains("grpc.server.ssl.provider");
                });
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        runner.withPropertyValues(bundle("lost", "no-such-file", false))
                .withPropertyValues("grpc.server.ssl.bundle=lost")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("The SSL bundle 'lost', which grpc.server.ssl.bundle names, cannot be used: ")
                        .contains("no-such-file.crt"));
    }

    @Test
    void aBundleWithoutTheAutoConfigurationOfBundlesIsRefused() {
        ServerRunners.runner()
                .withBean(WhoCalls.class)
                .withPropertyValues("grpc.server.ssl.bundle=web")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .isEqualTo("grpc.server.ssl.bundle names the SSL bundle 'web', but the application has no SSL"
                                + " bundles."));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void theStartUpLineTellsTls(CapturedOutput output) {
        runner.withPropertyValues("grpc.server.ssl.bundle=mutual", "grpc.server.ssl.client-auth=require")
                .run(context ->
                        assertThat(output).contains("(TLS, client certificates required) with 1 service, blocking"));
    }

    private static int port(ApplicationContext context, String server) {
        return context.getBean(GrpcServers.class).port(server);
    }

    private static String call(ApplicationContext context, @Nullable ClientTls tls) {
        return call("127.0.0.1:" + port(context, GrpcServers.DEFAULT), tls);
    }

    private static String call(String target, @Nullable ClientTls tls) {
        ManagedChannel.Builder builder = ManagedChannel.builder(target);
        if (tls != null) {
            builder.tls(tls);
        }
        try (ManagedChannel channel = builder.build()) {
            return Calls.sayHello(Greeter.Client.create(channel), "");
        }
    }

    private static void assertFails(ApplicationContext context, @Nullable ClientTls tls, String reason) {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> call(context, tls))
                .satisfies(failure -> assertThat(failure.status().code()).isEqualTo(StatusCode.UNAVAILABLE))
                .withMessageContaining(reason);
    }

    private static ClientTls tls(@Nullable String identity) throws IOException {
        ClientTls tls = ClientTls.trusting(PKI.trust());
        return identity == null
                ? tls
                : tls.withIdentity(
                        TlsIdentity.ofPem(files.resolve(identity + ".crt"), files.resolve(identity + ".key")));
    }

    private static String[] bundle(String name, String file, boolean withTrust) {
        String prefix = "spring.ssl.bundle.pem." + name;
        Stream<String> key = Stream.of(
                prefix + ".keystore.certificate=" + files.resolve(file + ".crt").toUri(),
                prefix + ".keystore.private-key=" + files.resolve(file + ".key").toUri());
        Stream<String> trust = Stream.of(prefix + ".truststore.certificate="
                + files.resolve("authority.crt").toUri());
        return (withTrust ? Stream.concat(key, trust) : key).toArray(String[]::new);
    }

    /** Answers with what it knows of its caller. */
    @GrpcService
    static class WhoCalls extends HelloService {

        @Override
        public HelloReply sayHello(HelloRequest request) {
            var peer = CallContext.current().peer();
            String who = peer.certificates().stream()
                    .findFirst()
                    .map(certificate -> certificate.getSubjectX500Principal().getName())
                    .orElse("nobody");
            return reply(who + " by " + peer.tlsProtocol());
        }
    }
}
