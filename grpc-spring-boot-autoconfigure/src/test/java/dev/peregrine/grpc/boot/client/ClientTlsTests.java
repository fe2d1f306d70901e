// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.TestPki;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.tls.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Encryption by properties, against a server whose certificate is for {@code localhost}. */
@ExtendWith(OutputCaptureExtension.class)
class ClientTlsTests {

    private static final TestPki PKI = new TestPki();

    @TempDir
    Path directory;

    private Server server;
    private ApplicationContextRunner runner;

    @BeforeEach
    void serve() throws IOException {
        server = Server.builder()
                .address(new InetSocketAddress("127.0.0.1", 0))
                .tls(ServerTls.of(TestPki.identity(PKI.issueFor("localhost"))))
                .service(new HelloService())
                .start();
        runner = ClientRunners.runner()
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withBean(Caller.class)
                .withPropertyValues(
                        "spring.ssl.bundle.pem.internal.truststore.certificate=" + PKI.authority(directory),
                        "grpc.client.greeter.target=localhost:" + server.port());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aBundleEncryptsAndIsTrusted() {
        runner.withPropertyValues("grpc.client.greeter.ssl.bundle=internal")
                .run(context -> assertThat(sayHello(context.getBean(Caller.class).greeter, "you"))
                        .isEqualTo("Hello you"));
    }

    @Test
    void withoutABundleTheAuthoritiesOfTheJavaRuntimeAreTrusted() {
        runner.withPropertyValues("grpc.client.greeter.ssl.enabled=true")
                .run(context -> assertThatExceptionOfType(StatusException.class)
                        .isThrownBy(() -> sayHello(context.getBean(Caller.class).greeter, "you"))
                        .withMessageContaining("is not trusted"));
    }

    @Test
    void aBundleOfTheDefaultIsSwitchedOffByName() {
        runner.withPropertyValues("grpc.client.default.ssl.bundle=internal", "grpc.client.greeter.ssl.enabled=false")
                .run(context -> assertThatExceptionOfType(StatusException.class)
                        .isThrownBy(() -> sayHello(context.getBean(Caller.class).greeter, "you"))
                        .withMessageContaining("the server answered with TLS, but this client speaks plaintext"));
    }

    @Test
    void aClientThatCannotBeMadeFollowsItsBundleOnceHoweverOftenItIsAskedFor() {
        SslBundle bundle = SslBundle.of(SslStoreBundle.NONE);
        SslBundles bundles = mock(SslBundles.class);
        when(bundles.getBundle("internal")).thenReturn(bundle);
        ClientRunners.runner()
                .withBean(SslBundles.class, () -> bundles)
                .withPropertyValues(
                        "grpc.client.default.ssl.bundle=internal",
                        "grpc.client.default.target=localhost:" + server.port(),
                        "grpc.client.broken.interceptors=nobody")
                .run(context -> {
                    GrpcChannels channels = context.getBean(GrpcChannels.class);
                    for (int i = 0; i < 3; i++) {
                        assertThatExceptionOfType(FailureAnalyzedException.class)
                                .isThrownBy(() -> channels.channel("broken"));
                    }
                    channels.channel("sound");
                    verify(bundles, times(1)).addBundleUpdateHandler(any(), any());
                });
    }

    @Test
    void aServerOfAnotherNameIsRefusedThoughItsAuthorityIsInTheBundle() {
        runner.withPropertyValues(
                        "grpc.client.greeter.ssl.bundle=internal",
                        "grpc.client.greeter.target=127.0.0.1:" + server.port())
                .run(context -> assertThatExceptionOfType(StatusException.class)
                        .isThrownBy(() -> sayHello(context.getBean(Caller.class).greeter, "you"))
                        .withMessageContaining("the server's certificate is for [localhost], not for '127.0.0.1'"));
    }

    @Test
    void theNameThatIsVerifiedIsTheAuthoritys() {
        runner.withPropertyValues(
                        "grpc.client.greeter.ssl.bundle=internal",
                        "grpc.client.greeter.target=127.0.0.1:" + server.port(),
                        "grpc.client.greeter.authority=localhost")
                .run(context -> assertThat(sayHello(context.getBean(Caller.class).greeter, "you"))
                        .isEqualTo("Hello you"));
        runner.withPropertyValues(
                        "grpc.client.greeter.ssl.bundle=internal", "grpc.client.greeter.authority=other.example")
                .run(context -> assertThatExceptionOfType(StatusException.class)
                        .isThrownBy(() -> sayHello(context.getBean(Caller.class).greeter, "you"))
                        .withMessageContaining("not for 'other.example'"));
    }

    @Test
    void encryptionThatAnotherStartersPropertyAsksForMayComeFromOurs() {
        runner.withPropertyValues(
                        "grpc.client.greeter.negotiation-type=tls",
                        "grpc.client.greeter.security.trust-store=file:old.jks",
                        "grpc.client.greeter.ssl.bundle=internal")
                .run(context -> assertThat(sayHello(context.getBean(Caller.class).greeter, "you"))
                        .isEqualTo("Hello you"));
    }

    @Test
    void aBundleThatIsNotThereIsSaidWithThoseThatAre() {
        runner.withPropertyValues("grpc.client.greeter.ssl.bundle=external").run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .isEqualTo("grpc.client.greeter.ssl.bundle names the SSL bundle 'external', which does not exist."
                            + " There are: internal.");
            assertThat(analysisOf(context).getAction())
                    .contains("spring.ssl.bundle.pem.external", "grpc.client.greeter.ssl.bundle");
        });
    }

    @Test
    void protocolsOfABundleCountAndThoseOfTheStoneAgeAreRefused() {
        runner.withPropertyValues(
                        "grpc.client.greeter.ssl.bundle=internal",
                        "spring.ssl.bundle.pem.internal.options.enabled-protocols=TLSv1.1")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith(
                                "The SSL bundle 'internal', which grpc.client.greeter.ssl.bundle names, cannot be used: ")
                        .contains("TLSv1.1"));
    }

    @Test
    void aBundleThatBecomesUnusableLeavesClientsAsTheyWere(CapturedOutput output) {
        runner.withPropertyValues("grpc.client.greeter.ssl.bundle=internal").run(context -> {
            Greeter.Client greeter = context.getBean(Caller.class).greeter; // its channel follows the bundle by now
            DefaultSslBundleRegistry bundles = context.getBean(DefaultSslBundleRegistry.class);
            bundles.updateBundle(
                    "internal", SslBundle.of(SslStoreBundle.NONE, null, SslOptions.of(null, new String[] {"TLSv1.1"})));
            assertThat(sayHello(greeter, "you")).isEqualTo("Hello you");
            assertThat(output).contains("The SSL bundle 'internal' was reloaded, but cannot be used");
        });
    }

    static class Caller {
        @GrpcClient("greeter")
        private Greeter.Client greeter;
    }
}
