// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What editors show to people who write our properties. */
class ConfigurationMetadataTests {

    private final Object metadata = read();

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
                        "grpc.server.compression",
                        "grpc.server.connection.max-age",
                        "grpc.server.connection.max-age-grace",
                        "grpc.server.connection.max-idle-time",
                        "grpc.server.methods",
                        "grpc.server.overload.max-concurrent-calls",
                        "grpc.server.overload.max-waiting-calls",
                        "grpc.server.overload.retry-after",
                        "grpc.server.validation.enabled",
                        "grpc.server.enabled",
                        "grpc.server.encodings",
                        "grpc.server.executor.bean",
                        "grpc.server.executor.pool-size",
                        "grpc.server.executor.queue-capacity",
                        "grpc.server.executor.virtual",
                        "grpc.server.interceptors",
                        "grpc.server.keepalive.permit.time",
                        "grpc.server.keepalive.permit.without-calls",
                        "grpc.server.keepalive.time",
                        "grpc.server.keepalive.timeout",
                        "grpc.server.keepalive.without-calls",
                        "grpc.server.limits.connection-window",
                        "grpc.server.limits.handshake-timeout",
                        "grpc.server.limits.max-buffered-bytes",
                        "grpc.server.limits.max-compression-ratio",
                        "grpc.server.limits.max-concurrent-calls",
                        "grpc.server.limits.max-connections",
                        "grpc.server.limits.max-connections-per-address",
                        "grpc.server.limits.max-idle-frames",
                        "grpc.server.limits.max-message-size",
                        "grpc.server.limits.max-metadata-size",
                        "grpc.server.limits.max-queued-control-frames",
                        "grpc.server.limits.max-resets-per-window",
                        "grpc.server.limits.max-window",
                        "grpc.server.limits.stream-window",
                        "grpc.server.limits.write-buffer-high-water",
                        "grpc.server.port",
                        "grpc.server.proxy-protocol",
                        "grpc.server.services",
                        "grpc.server.shutdown.grace-period",
                        "grpc.server.ssl.bundle",
                        "grpc.server.ssl.client-auth",
                        "grpc.server.ssl.enabled",
                        "grpc.server.ssl.provider",
                        "grpc.server.transport",
                        "grpc.servers");
    }

    @Test
    void everyPropertyHasATypeAndASentence() {
        assertThat(entries("properties")).allSatisfy(property -> {
            assertThat((String) property.get("description"))
                    .matches("(?s)[A-Z].+\\.")
                    .doesNotContain("@param", "\n");
            assertThat((String) property.get("type")).isNotBlank();
        });
    }

    @Test
    void theNamesOfClientsAreAMapWithAWellKnownKey() {
        assertThat(entries("properties"))
                .anySatisfy(property -> assertThat(property)
                        .containsEntry("name", "grpc.client")
                        .containsEntry(
                                "type",
                                "java.util.Map<java.lang.String,dev.peregrine.grpc.boot.client.GrpcClientProperties>"));
        assertThat(entries("hints"))
                .extracting(hint -> hint.get("name"))
                .contains("grpc.client.keys", "grpc.client.default.target");
    }

    private List<Map<String, Object>> entries(String kind) {
        return JsonPath.read(metadata, "$." + kind);
    }

    /** Several jars have such a file; ours is beside our classes and comes first. */
    private static Object read() {
        try (InputStream file =
                ConfigurationMetadataTests.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return JsonPath.parse(file).json();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
