// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.security;

import static dev.peregrine.grpc.boot.security.fixture.Callers.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.security.fixture.Ask;
import dev.peregrine.grpc.boot.security.fixture.BlockingVault;
import dev.peregrine.grpc.boot.security.fixture.Found;
import dev.peregrine.grpc.boot.security.fixture.Issuer;
import dev.peregrine.grpc.boot.security.fixture.SecurityRunners;
import dev.peregrine.grpc.boot.security.fixture.Vault;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import dev.peregrine.grpc.stub.RequestReader;
import dev.peregrine.grpc.stub.ResponseWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.access.prepost.PostAuthorize;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** Rules that services state themselves. */
class AnnotatedServicesTests {

    private static final Issuer ISSUER = new Issuer();
    private static final String ANN = "Bearer " + ISSUER.token("ann", "read");
    private static final String BOB = "Bearer " + ISSUER.token("bob", "read");

    private final ApplicationContextRunner runner = SecurityRunners.runner()
            .withUserConfiguration(MethodSecurity.class, AnnotatedVault.class)
            .withBean(JwtDecoder.class, ISSUER::decoder);

    @Test
    void preAuthorizeDecidesByTheRequest() {
        runner.run(context -> {
            assertThat(open(context, ANN, "ann")).isEqualTo("ann");
            assertThat(codeOf(() -> open(context, BOB, "ann"))).isEqualTo(StatusCode.PERMISSION_DENIED);
        });
    }

    @Test
    void postAuthorizeDecidesByTheResponse() {
        runner.run(context ->
                assertThat(codeOf(() -> open(context, ANN, "secret of ann"))).isEqualTo(StatusCode.PERMISSION_DENIED));
    }

    @Test
    void eachRequestOfAStreamIsLookedAt() {
        runner.run(context -> {
            assertThat(talk(context, ANN, "ann", "ann")).containsExactly("ann", "ann");
            List<String> heard = new ArrayList<>();
            assertThat(codeOf(() -> ask(context, ANN, client -> talk(client, heard, "ann", "bob", "ann"))))
                    .isEqualTo(StatusCode.PERMISSION_DENIED);
            assertThat(heard).containsExactly("ann");
        });
    }

    @Test
    void eachResponseOfAStreamIsLookedAt() {
        runner.run(context -> {
            List<String> heard = new ArrayList<>();
            assertThat(codeOf(() -> ask(context, ANN, client -> {
                        for (Found found : client.list(text("x"))) {
                            heard.add(found.getText());
                        }
                        return heard;
                    })))
                    .isEqualTo(StatusCode.PERMISSION_DENIED);
            assertThat(heard).containsExactly("public");
        });
    }

    private static String open(ApplicationContext context, String authorization, String text) {
        return ask(context, authorization, client -> client.open(text(text)).getWho());
    }

    private static List<String> talk(ApplicationContext context, String authorization, String... texts) {
        return ask(context, authorization, client -> talk(client, new ArrayList<>(), texts));
    }

    /** One after the other: each is answered before the next is said. */
    private static List<String> talk(Vault.Client client, List<String> heard, String... texts) {
        try (BidiStreamingCall<Ask, Found> call = client.talk()) {
            for (String text : texts) {
                call.write(text(text));
                Found found = call.read();
                if (found == null) {
                    break;
                }
                heard.add(found.getWho());
            }
            return heard;
        }
    }

    private static Ask text(String text) {
        return Ask.newBuilder().setText(text).build();
    }

    private static StatusCode codeOf(Runnable call) {
        return catchThrowableOfType(StatusException.class, call::run).code();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity
    static class MethodSecurity {}

    @GrpcService
    static class AnnotatedVault implements Vault.Service {

        @Override
        @PreAuthorize("#request.text.endsWith(authentication.name)")
        @PostAuthorize("!returnObject.text.startsWith('secret')")
        public Found open(Ask request) {
            return BlockingVault.found(request.getText());
        }

        @Override
        @PostAuthorizeEach("#message.text == 'public'")
        public void list(Ask request, ResponseWriter<Found> responses) {
            responses.write(BlockingVault.found("public"));
            responses.write(BlockingVault.found("private"));
        }

        @Override
        @PreAuthorizeEach("#message.text == authentication.name")
        public void talk(RequestReader<Ask> requests, ResponseWriter<Found> responses) {
            for (Ask request : requests) {
                responses.write(BlockingVault.found(request.getText()));
            }
        }
    }
}
