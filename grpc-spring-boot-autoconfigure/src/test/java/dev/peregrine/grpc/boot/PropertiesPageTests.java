// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/properties.md} is what the configuration metadata say. After a change of properties write it anew:
 * {@code ./mvnw -pl grpc-spring-boot-autoconfigure -am test -Dtest=PropertiesPageTests -Dproperties.write=true
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class PropertiesPageTests {

    private static final Path PAGE = Path.of("..", "docs", "properties.md");

    private static final String HEAD = """
            # Properties

            Every property of the starter, as editors know them: this page is written from the configuration metadata and held
            against it by a test. Times are written `500ms`, `30s` or `5m`, sizes `64KB` or `4MB`, lists `a,b` or as lists of
            YAML. `[]` stands for the number of an entry.

            - What is under `grpc.server` is explained in [servers](server.md). `grpc.servers.<name>.*` are the same properties
              for more servers, but for those that count for all: `advice`, `channelz`, `health`, `reflection`, `shutdown` and
              `validation`.
            - `grpc.client.<name>.*` are those of `grpc.client.default`, which count for a client that does not set them; see
              [clients](client.md).
            """;

    @Test
    void entriesOfListsHaveTheirProperties() {
        assertThat(Metadata.properties().stream().flatMap(property -> EntryProperties.of(property).stream()))
                .isNotEmpty()
                .allSatisfy(property -> assertThat((String) property.get("description"))
                        .as(name(property))
                        .endsWith("."))
                .extracting(PropertiesPageTests::name)
                .contains("grpc.server.methods[].max-deadline", "grpc.server.health.services.<name>.include");
    }

    @Test
    void thePageShowsEveryProperty() throws IOException {
        String expected = HEAD + groups().entrySet().stream().map(this::section).collect(Collectors.joining());
        if (Boolean.getBoolean("properties.write")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("docs/properties.md (the comment of this test says how to write it)")
                .isEqualTo(expected);
    }

    /** By the first two words of their names, and by the third where that has properties of its own. */
    private static Map<String, List<Map<String, Object>>> groups() {
        return Metadata.properties().stream()
                .filter(property -> !property.containsKey("deprecation"))
                .collect(Collectors.groupingBy(PropertiesPageTests::group, TreeMap::new, Collectors.toList()));
    }

    private static String group(Map<String, Object> property) {
        String[] words = name(property).split("\\.");
        boolean isClient = words.length > 2 && words[1].equals("client");
        int depth = isClient ? 3 : 2;
        return Arrays.stream(words)
                .limit(words.length > depth + 1 ? depth + 1 : Math.min(words.length, depth))
                .collect(Collectors.joining("."));
    }

    private String section(Map.Entry<String, List<Map<String, Object>>> group) {
        return "\n## " + group.getKey() + "\n\n| Property | Value | Default | |\n|---|---|---|---|\n"
                + group.getValue().stream()
                        .sorted(Comparator.comparing(PropertiesPageTests::name))
                        .flatMap(property -> Stream.concat(Stream.of(property), EntryProperties.of(property).stream()))
                        .map(property -> "| `" + name(property) + "` | " + type(property) + " | " + defaultOf(property)
                                + " | "
                                + property.get("description").toString().replace("|", "\\|") + " |\n")
                        .collect(Collectors.joining());
    }

    private static String name(Map<String, Object> property) {
        return (String) property.get("name");
    }

    private static String defaultOf(Map<String, Object> property) {
        Object value = property.get("defaultValue");
        return value == null ? "" : "`" + value + "`";
    }

    private static String type(Map<String, Object> property) {
        String type = (String) property.get("type");
        return switch (type) {
            case "java.lang.Boolean" -> "`true`, `false`";
            case "java.lang.Integer", "java.lang.Long" -> "number";
            case "java.lang.Double", "java.lang.Float" -> "decimal number";
            case "java.lang.String" -> "text";
            case "java.time.Duration" -> "time";
            case "org.springframework.util.unit.DataSize" -> "size";
            default -> structured(type);
        };
    }

    private static String structured(String type) {
        if (type.startsWith("java.util.Map")) {
            return "by name";
        }
        if (type.startsWith("java.util.List") || type.startsWith("java.util.Set")) {
            return "list";
        }
        try {
            Object[] values = Class.forName(type).getEnumConstants();
            return values == null
                    ? "text"
                    : Arrays.stream(values)
                            .map(value -> "`"
                                    + ((Enum<?>) value)
                                            .name()
                                            .toLowerCase(Locale.ROOT)
                                            .replace('_', '-') + "`")
                            .collect(Collectors.joining(", "));
        } catch (ClassNotFoundException notOurs) {
            return "text";
        }
    }
}
