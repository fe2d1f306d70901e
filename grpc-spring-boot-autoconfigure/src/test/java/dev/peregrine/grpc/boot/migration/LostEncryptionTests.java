// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** What other starters encrypted is encrypted here, or ours say that it is not. */
class LostEncryptionTests {

    @ParameterizedTest
    @MethodSource("namesThatAskForEncryption")
    void everyNameThatAsksForEncryptionEndsTheStartUnlessOursAnswer(String name) {
        String set = name.replace("*", "greeter") + "=TLS";
        boolean isServer = !name.contains(".client.");
        assertThatExceptionOfType(FailureAnalyzedException.class)
                .isThrownBy(() -> check(isServer, set))
                .satisfies(failure -> assertThat(failure.analysis().getDescription())
                        .containsIgnoringCase(name.replace("*", "greeter"))
                        .contains("asks for encryption"));
        String ours = isServer ? "grpc.server." : "grpc.client.greeter.";
        assertThatCode(() -> check(isServer, set, ours + "ssl.bundle=ours", "grpc.server.ssl.client-auth=none"))
                .doesNotThrowAnyException();
    }

    static Stream<String> namesThatAskForEncryption() {
        return KnownStarters.ALL.stream()
                .flatMap(starter -> starter.names().stream())
                .filter(OldName::isRefused)
                .map(old -> old.pattern().text());
    }

    @Test
    void certificatesOfEveryStarterAreAmongThem() {
        assertThat(namesThatAskForEncryption())
                .contains(
                        "grpc.server.security.private-key",
                        "grpc.client.*.security.trust-store",
                        "grpc.client.GLOBAL.negotiation-type",
                        "grpc.security.cert-chain",
                        "spring.grpc.server.ssl.bundle",
                        "spring.grpc.client.channel.*.ssl.bundle");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grpc.client[users.v1].negotiation-type",
                "grpc.client.[users.v1].negotiation-type",
                "grpc.client[users.v1].security.trust-store",
                "spring.grpc.client.channels[users.v1].negotiation-type",
                "grpc.client[user_service].negotiation-type"
            })
    void aNameInBracketsAsksToo(String name) {
        String client = name.substring(name.indexOf('[') + 1, name.indexOf(']'));
        LostEncryption encryption = encryption(KnownStarters.ALL, name + "=TLS");
        assertThatExceptionOfType(FailureAnalyzedException.class)
                .isThrownBy(() -> encryption.refuseClient(client))
                .satisfies(failure -> assertThat(failure.analysis().getDescription())
                        .contains("[" + client + "]")
                        .contains("asks for encryption"));
        assertThatCode(() -> encryption.refuseClient("users")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "grpc.client.greeter.negotiation-type, PLAINTEXT",
        "grpc.client.greeter.negotiation-type, plaintext_upgrade",
        "grpc.client.GLOBAL.negotiationType, plaintext",
        "grpc.server.security.enabled, false",
        "grpc.server.security.client-auth, NONE",
        "spring.grpc.server.ssl.enabled, false",
        "spring.grpc.client.channel.greeter.ssl.enabled, false",
    })
    void whatAsksForPlaintextIsLetPass(String name, String value) {
        assertThatCode(() -> check(!name.contains(".client."), name + '=' + value))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "grpc.server.security.private-key, grpc.server.security.enabled",
        "spring.grpc.server.ssl.bundle, spring.grpc.server.ssl.enabled",
        "spring.grpc.client.channel.greeter.ssl.bundle, spring.grpc.client.channel.greeter.ssl.enabled",
    })
    void certificatesThatWereSwitchedOffAskForNothing(String name, String off) {
        assertThatCode(() -> check(!name.contains(".client."), name + "=file:old.pem", off + "=false"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc.client.greeter.address", "grpc.client.GLOBAL.address"})
    void anAddressAloneMeantTls(String name) {
        String address = name + "=static://greet.example:9090";
        assertThatExceptionOfType(FailureAnalyzedException.class)
                .isThrownBy(() -> check(false, address))
                .satisfies(failure -> {
                    assertThat(failure.analysis().getDescription())
                            .startsWithIgnoringCase(name)
                            .contains("means calls with TLS")
                            .endsWith("the gRPC client 'greeter' would speak plaintext.");
                    assertThat(failure.analysis().getAction())
                            .endsWith("For calls in the clear set grpc.client.greeter.ssl.enabled=false.");
                });
        for (String answer : List.of(
                "grpc.client.greeter.ssl.enabled=false",
                "grpc.client.default.ssl.enabled=true",
                "grpc.client.greeter.negotiation-type=PLAINTEXT",
                "grpc.client.GLOBAL.negotiation-type=PLAINTEXT")) {
            assertThatCode(() -> check(false, address, answer)).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grpc.client.greeter.address=in-process:test",
                "grpc.client.other.address=static://greet.example:9090",
                "spring.grpc.client.channels.greeter.address=static://greet.example:9090"
            })
    void anAddressThatMeantNoTlsIsLetPass(String address) {
        assertThatCode(() -> check(false, address)).doesNotThrowAnyException();
    }

    @Test
    void theNearestNameCounts() {
        assertThatCode(() -> check(
                        false,
                        "grpc.client.GLOBAL.negotiation-type=TLS",
                        "grpc.client.greeter.negotiation-type=PLAINTEXT"))
                .doesNotThrowAnyException();
        assertThatExceptionOfType(FailureAnalyzedException.class)
                .isThrownBy(() -> check(
                        false,
                        "grpc.client.GLOBAL.negotiation-type=PLAINTEXT",
                        "grpc.client.greeter.negotiation-type=TLS"));
    }

    @Test
    void ourWordForPlaintextIsAnAnswer() {
        assertThatCode(() -> check(
                        false,
                        "spring.grpc.client.channel.greeter.ssl.bundle=old",
                        "grpc.client.default.ssl.enabled=false"))
                .doesNotThrowAnyException();
    }

    @Test
    void anEmptyAnswerIsNone() {
        assertThatExceptionOfType(FailureAnalyzedException.class)
                .isThrownBy(() -> check(true, "grpc.security.cert-chain=file:old.pem", "grpc.server.ssl.bundle="));
    }

    @Test
    void callersThatHadToShowACertificateStillHaveToOrOursSaysSo() {
        assertThatExceptionOfType(FailureAnalyzedException.class)
                .isThrownBy(
                        () -> check(true, "grpc.server.security.client-auth=REQUIRE", "grpc.server.ssl.bundle=ours"))
                .satisfies(failure -> {
                    assertThat(failure.analysis().getDescription())
                            .endsWith("the server would not ask callers for certificates.");
                    assertThat(failure.analysis().getAction()).startsWith("Set grpc.server.ssl.client-auth to require");
                });
    }

    @Test
    void aServerWithANameTakesTheAnswerOfGrpcServer() {
        assertThatCode(() -> encryption(
                                KnownStarters.ALL,
                                "grpc.security.cert-chain=file:old.pem",
                                "grpc.server.ssl.bundle=ours")
                        .refuseServer("grpc.servers.internal"))
                .doesNotThrowAnyException();
    }

    @Test
    void propertiesThatAnotherStarterStillReadsAreLeftToIt() {
        List<OldNames> others = KnownStarters.ALL.stream()
                .filter(starter -> starter.reader() == null)
                .toList();
        assertThatCode(() ->
                        encryption(others, "spring.grpc.server.ssl.bundle=boot").refuseServer("grpc.server"))
                .doesNotThrowAnyException();
    }

    @Test
    void environmentVariablesAreSeenAndValuesAreNotShown() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of("GRPC_SERVER_SECURITY_PRIVATE_KEY_PASSWORD", "xyzzy")));
        ConfigurationPropertySources.attach(environment);
        assertThatExceptionOfType(FailureAnalyzedException.class)
                .isThrownBy(() -> new LostEncryption(new OldProperties(environment, KnownStarters.ALL))
                        .refuseServer("grpc.server"))
                .satisfies(failure -> assertThat(failure.analysis().getDescription())
                        .contains("GRPC_SERVER_SECURITY_PRIVATE_KEY_PASSWORD")
                        .doesNotContain("xyzzy"));
    }

    private static void check(boolean isServer, String... properties) {
        LostEncryption encryption = encryption(KnownStarters.ALL, properties);
        if (isServer) {
            encryption.refuseServer("grpc.server");
        } else {
            encryption.refuseClient("greeter");
        }
    }

    private static LostEncryption encryption(List<OldNames> starters, String... properties) {
        Map<String, Object> map = new TreeMap<>();
        for (String property : properties) {
            map.put(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
        }
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", map));
        ConfigurationPropertySources.attach(environment);
        return new LostEncryption(new OldProperties(environment, starters));
    }
}
