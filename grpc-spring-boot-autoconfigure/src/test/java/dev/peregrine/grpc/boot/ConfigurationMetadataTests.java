// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.util.StreamUtils;

/** What editors show to people who write our properties. */
class ConfigurationMetadataTests {

    private final Map<String, Object> metadata = read();

    @Test
    void everyPropertyIsThere() {
        assertThat(entries("properties"))
                .extracting(property -> property.get("name"))
                .containsExactlyInAnyOrder(
                        "grpc.client",
                        "grpc.client.default.authority",
                        "grpc.client.default.deadline",
                        "grpc.client.default.max-inbound-message-size",
                        "grpc.client.default.max-inbound-metadata-size",
                        "grpc.client.default.target",
                        "grpc.client.default.user-agent",
                        "grpc.client.default.wait-for-ready",
                        "grpc.server.address",
                        "grpc.server.enabled",
                        "grpc.server.max-concurrent-calls-per-connection",
                        "grpc.server.max-inbound-message-size",
                        "grpc.server.max-inbound-metadata-size",
                        "grpc.server.port",
                        "grpc.server.shutdown-grace-period");
    }

    @Test
    void everyPropertyHasATypeAndASentence() {
        assertThat(entries("properties")).allSatisfy(property -> {
            assertThat((String) property.get("description")).matches("(?s)[A-Z].+\\.").doesNotContain("@param", "\n");
            assertThat((String) property.get("type")).isNotBlank();
        });
    }

    @Test
    void theNamesOfClientsAreAMapWithAWellKnownKey() {
        assertThat(entries("properties")).anySatisfy(property -> assertThat(property)
                .containsEntry("name", "grpc.client")
                .containsEntry(
                        "type",
                        "java.util.Map<java.lang.String,dev.peregrine.grpc.boot.client.GrpcClientProperties>"));
        assertThat(entries("hints"))
                .extracting(hint -> hint.get("name"))
                .contains("grpc.client.keys", "grpc.client.default.target");
    }

    @SuppressWarnings("unchecked")
    private Collection<Map<String, Object>> entries(String kind) {
        return (List<Map<String, Object>>) metadata.get(kind);
    }

    private static Map<String, Object> read() {
        try (InputStream file = ConfigurationMetadataTests.class.getResourceAsStream(
                "/META-INF/spring-configuration-metadata.json")) {
            // Several jars have such a file; ours is beside our classes and comes first.
            return JsonParserFactory.getJsonParser()
                    .parseMap(StreamUtils.copyToString(file, java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
