// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

class ForeignPropertiesTests {

    @ParameterizedTest
    @ValueSource(strings = {"certificate-chain", "privateKey", "key-store"})
    void tlsThatWouldSilentlyBePlaintextIsRefused(String name) {
        ServerRunners.runner()
                .withPropertyValues("grpc.server.security." + name + "=file:server.pem")
                .run(context -> {
                    assertThat(analysisOf(context).getDescription()).contains("the server would speak plaintext");
                    assertThat(analysisOf(context).getAction()).contains("grpc.server.ssl.bundle");
                });
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aPropertyOfAnotherStarterIsSaidWithItsNameHere(CapturedOutput output) {
        ServerRunners.runner()
                .withPropertyValues("grpc.server.max-inbound-message-size=64MB")
                .run(context -> assertThat(output)
                        .contains("grpc.server.max-inbound-message-size is set, but there is no such property: set"
                                + " grpc.server.limits.max-message-size instead."));
    }

    @Test
    void whatReplacesThemExists() {
        assertThat(ForeignProperties.REPLACEMENTS.values()).allSatisfy(name -> {
            Class<?> type = GrpcServerProperties.class;
            for (String element : name.split("\\.")) {
                type = element.equals("shutdown") ? ShutdownProperties.class : typeOf(type, element);
            }
        });
    }

    private static Class<?> typeOf(Class<?> record, String property) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
        return Arrays.stream(record.getRecordComponents())
                .filter(component -> ConfigurationPropertyName.adapt(kebab(component.getName()), '.')
                        .equals(name))
                .map(RecordComponent::getType)
                .findFirst()
                .orElseThrow(() -> new AssertionError(record + " has no " + property));
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
