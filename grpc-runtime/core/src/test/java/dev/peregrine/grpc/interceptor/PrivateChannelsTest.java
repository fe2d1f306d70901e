// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interceptor;

import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.TestPki;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.stub.ServiceBinding;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which channels carry credentials, over the transports that there are. */
@Timeout(60)
class PrivateChannelsTest {

    private static ServiceDefinition whoIsThere() {
        return ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY), new Object())
                .<String, String>unary(
                        Texts.UNARY,
                        "unary",
                        text -> String.valueOf(
                                CallContext.current().requestMetadata().getAll(CallCredentials.AUTHORIZATION)))
                .build();
    }

    private static CompletableFuture<String> ask(ManagedChannel channel) {
        return AsyncClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, "who is there?")
                .toCompletableFuture();
    }

    private static ManagedChannel channel(String target, UnaryOperator<ManagedChannel.Builder> change) {
        return change.apply(ManagedChannel.builder(target).interceptor(CredentialsInterceptor.of(BearerToken.of("t"))))
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:80, false, false",
        "127.0.0.1:80, false, false",
        "localhost:80, true, true",
        "unix:/tmp/socket, false, true",
        "unix-abstract:socket, false, true",
        "inprocess:here, false, true"
    })
    void aChannelIsPrivateIfItIsEncryptedOrStaysOnTheMachine(String target, boolean tls, boolean isPrivate) {
        ManagedChannel.Builder builder = ManagedChannel.builder(target);
        try (ManagedChannel channel = (tls ? builder.tls() : builder).build()) {
            assertThat(channel.isPrivate()).isEqualTo(isPrivate);
        }
    }

    @Test
    void credentialsTravelWithinTheProcess() throws Exception {
        InProcessAddress address = InProcessAddress.unique("private");
        try (Server server =
                        Server.builder().address(address).service(whoIsThere()).start();
                ManagedChannel channel = channel(address.toString(), same -> same)) {
            assertThat(answerTo(ask(channel))).isEqualTo("[Bearer t]");
        }
    }

    @Test
    void credentialsTravelOverTls() throws Exception {
        TestPki pki = TestPki.named("tokens");
        ServerTls tls = ServerTls.of(TestPki.identity(pki.localhost()));
        try (Server server = Server.builder()
                        .address(new InetSocketAddress("127.0.0.1", 0))
                        .tls(tls)
                        .service(whoIsThere())
                        .start();
                ManagedChannel channel = channel(
                        "localhost:" + server.port(), builder -> builder.tls(ClientTls.trusting(pki.trust())))) {
            assertThat(answerTo(ask(channel))).isEqualTo("[Bearer t]");
        }
    }

    @Test
    void credentialsDoNotTravelInTheClear() throws Exception {
        try (Server server = Server.builder()
                        .address(new InetSocketAddress("127.0.0.1", 0))
                        .service(whoIsThere())
                        .start();
                ManagedChannel channel = channel("127.0.0.1:" + server.port(), same -> same)) {
            assertThat(failureOf(ask(channel)).code()).isEqualTo(StatusCode.UNAUTHENTICATED);
        }
    }
}
