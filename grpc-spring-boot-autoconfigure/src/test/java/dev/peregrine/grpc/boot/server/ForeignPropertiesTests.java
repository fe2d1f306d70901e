// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
}
