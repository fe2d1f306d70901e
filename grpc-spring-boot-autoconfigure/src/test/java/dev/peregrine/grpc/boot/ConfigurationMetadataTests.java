// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What editors show to people who write our properties; {@link PropertiesPageTests} holds the list of all. */
class ConfigurationMetadataTests {

    @Test
    void everyPropertyHasATypeAndASentence() {
        assertThat(Metadata.properties()).hasSizeGreaterThan(40).allSatisfy(property -> {
            assertThat((String) property.get("description"))
                    .as((String) property.get("name"))
                    .matches("(?s)[A-Z].+\\.")
                    .doesNotContain("@param", "\n");
            assertThat((String) property.get("type")).isNotBlank();
        });
    }

    @Test
    void everySwitchSaysWhether() {
        assertThat(Metadata.properties())
                .filteredOn(property -> "java.lang.Boolean".equals(property.get("type")))
                .filteredOn(property -> !property.containsKey("deprecation"))
                .allSatisfy(property -> assertThat((String) property.get("description"))
                        .as((String) property.get("name"))
                        .startsWith("Whether "));
    }

    @ParameterizedTest
    @CsvSource({
        "grpc.client, dev.peregrine.grpc.boot.client.GrpcClientProperties",
        "grpc.servers, dev.peregrine.grpc.boot.server.GrpcServerProperties"
    })
    void namesOfClientsAndServersAreKeysOfMaps(String property, String type) {
        assertThat(Metadata.properties())
                .anySatisfy(entry -> assertThat(entry)
                        .containsEntry("name", property)
                        .containsEntry("type", "java.util.Map<java.lang.String," + type + ">"));
    }

    @ParameterizedTest
    @CsvSource({
        "grpc.client.keys",
        "grpc.client.default.compression",
        "grpc.client.default.encodings",
        "grpc.client.default.interceptors",
        "grpc.client.default.metadata.keys",
        "grpc.client.default.target",
        "grpc.server.address",
        "grpc.server.compression",
        "grpc.server.executor.bean",
        "grpc.server.health.include",
        "grpc.server.interceptors",
        "grpc.servers.keys"
    })
    void whatEditorsCannotKnowIsHinted(String property) {
        assertThat(Metadata.hints()).extracting(hint -> hint.get("name")).contains(property);
    }
}
