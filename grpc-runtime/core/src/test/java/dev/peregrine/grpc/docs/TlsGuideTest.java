// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.TestPki;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.stub.ServiceBinding;
import dev.peregrine.grpc.tls.ClientAuth;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.tls.TlsSource;
import dev.peregrine.grpc.tls.TlsTrust;
import io.netty.pkitesting.X509Bundle;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code of {@code docs/tls.md}, which is quoted from here, does what it says. */
@Timeout(60)
class TlsGuideTest {

    private static final TestPki PKI = TestPki.named("The Authority");

    @TempDir
    Path directory;

    private Path authority;
    private Path serverCertificate;
    private Path serverKey;
    private Path clientCertificate;
    private Path clientKey;
    private char[] password;

    @BeforeEach
    void writeFiles() throws Exception {
        X509Bundle server = PKI.localhost();
        X509Bundle client = PKI.issue("billing", made -> made.addExtendedKeyUsageClientAuth());
        authority = Files.writeString(directory.resolve("ca.crt"), PKI.root().getCertificatePEM());
        serverCertificate = Files.writeString(directory.resolve("server.crt"), server.getCertificatePathPEM());
        serverKey = Files.writeString(directory.resolve("server.key"), server.getPrivateKeyPEM());
        clientCertificate = Files.writeString(directory.resolve("client.crt"), client.getCertificatePathPEM());
        clientKey = Files.writeString(directory.resolve("client.key"), TestPki.encryptedKeyPem(client, "secret"));
        password = "secret".toCharArray();
    }

    @Test
    void aServerAndAClient() throws Exception {
        ServiceDefinition service = serviceThatNamesItsCaller();
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);

        ServerTls tls = ServerTls.of(TlsIdentity.ofPem(serverCertificate, serverKey));
        Server server =
                Server.builder().address(address).tls(tls).service(service).start();

        String target = "localhost:" + server.port();
        ClientTls trusting = ClientTls.trusting(TlsTrust.ofPem(authority));
        ManagedChannel channel = ManagedChannel.builder(target).tls(trusting).build();
        assertThat(ask(channel)).isEqualTo("somebody over TLSv1.3");

        ManagedChannel byAddress = ManagedChannel.builder("127.0.0.1:" + server.port())
                .tls(trusting)
                .authority("localhost") // The certificate must be for this name.
                .build();
        assertThat(ask(byAddress)).isEqualTo("somebody over TLSv1.3");
        channel.close();
        byAddress.close();
        server.close();
    }

    @Test
    void bothEndsShowACertificateAndItIsReplaced() throws Exception {
        ServiceDefinition service = serviceThatNamesItsCaller();
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);

        TlsTrust clients = TlsTrust.ofPem(authority);
        TlsSource<ServerTls> certificates = TlsSource.of(ServerTls.of(TlsIdentity.ofPem(serverCertificate, serverKey))
                .withClientAuth(ClientAuth.REQUIRE, clients));
        Server server = Server.builder()
                .address(address)
                .tls(certificates)
                .service(service)
                .start();

        ClientTls tls = ClientTls.trusting(TlsTrust.ofPem(authority))
                .withIdentity(TlsIdentity.ofPem(clientCertificate, clientKey, password));
        ManagedChannel channel =
                ManagedChannel.builder("localhost:" + server.port()).tls(tls).build();
        assertThat(ask(channel)).isEqualTo("CN=billing over TLSv1.3");

        certificates.replace(certificates.current().withIdentity(TlsIdentity.ofPem(serverCertificate, serverKey)));
        assertThat(ask(channel)).isEqualTo("CN=billing over TLSv1.3");
        channel.close();
        server.close();
    }

    @Test
    void protocolsCiphersAndProvider() throws Exception {
        TlsIdentity identity = TlsIdentity.ofPem(serverCertificate, serverKey);

        ServerTls strict = ServerTls.of(identity)
                .withProtocols("TLSv1.3")
                .withCiphers("TLS_AES_256_GCM_SHA384")
                .withProvider(TlsProvider.JDK);
        assertThat(strict.ciphers()).hasSize(1);
    }

    private static ServiceDefinition serviceThatNamesItsCaller() {
        return ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY), new Object())
                .unary(Texts.UNARY, "unary", (String text) -> {
                    List<X509Certificate> chain = CallContext.current().peer().certificates();
                    String who = chain.isEmpty()
                            ? "somebody"
                            : chain.get(0).getSubjectX500Principal().getName();
                    return who + " over " + CallContext.current().peer().tlsProtocol();
                })
                .build();
    }

    private static String ask(ManagedChannel channel) {
        return ClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, "who am I?");
    }
}
