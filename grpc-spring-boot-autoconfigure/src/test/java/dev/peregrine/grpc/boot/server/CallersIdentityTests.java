// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.TestPki;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.tls.ClientTls;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;

/** Who a caller is by its certificates. */
@Timeout(60)
class CallersIdentityTests {

    private static final TestPki PKI = new TestPki();

    @TempDir
    private static Path files;

    /** Taken for the last of its chain, every client of an intermediate authority would be the same caller. */
    @Test
    void aCallerIsItsOwnCertificateAndNotThatOfItsIntermediateAuthority() {
        TestPki.write(PKI.issue("server"), files, "server");
        ServerRunners.runner()
                .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                .withBean(WhoCalls.class)
                .withPropertyValues(
                        "spring.ssl.bundle.pem.mutual.keystore.certificate="
                                + files.resolve("server.crt").toUri(),
                        "spring.ssl.bundle.pem.mutual.keystore.private-key="
                                + files.resolve("server.key").toUri(),
                        "spring.ssl.bundle.pem.mutual.truststore.certificate="
                                + PKI.authority(files).toUri(),
                        "grpc.server.ssl.bundle=mutual",
                        "grpc.server.ssl.client-auth=require")
                .run(context -> {
                    TestPki department = PKI.intermediate("department");
                    int port = context.getBean(GrpcServers.class).port(GrpcServers.DEFAULT);
                    assertThat(whoIs(department.issue("ada"), port)).startsWith("CN=ada, CN=department");
                    assertThat(whoIs(department.issue("grace"), port)).startsWith("CN=grace, CN=department");
                });
    }

    private static String whoIs(X509Bundle certificate, int port) {
        ClientTls tls = ClientTls.trusting(PKI.trust()).withIdentity(TestPki.identity(certificate));
        try (ManagedChannel channel =
                ManagedChannel.builder("127.0.0.1:" + port).tls(tls).build()) {
            return Calls.sayHello(Greeter.Client.create(channel), "");
        }
    }

    /** Answers with the names of its caller's certificates. */
    @GrpcService
    static class WhoCalls extends HelloService {

        @Override
        public HelloReply sayHello(HelloRequest request) {
            return reply(String.join(
                    ", ",
                    CallContext.current().peer().certificates().stream()
                            .map(X509Certificate::getSubjectX500Principal)
                            .map(Object::toString)
                            .toList()));
        }
    }
}
