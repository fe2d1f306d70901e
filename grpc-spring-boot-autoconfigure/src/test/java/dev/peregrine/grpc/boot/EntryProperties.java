// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The properties of entries of lists and maps, which the configuration metadata leave out: they are read from the records. */
final class EntryProperties {

    private static final Pattern ENTRIES =
            Pattern.compile("java\\.util\\.(List<|Map<java\\.lang\\.String,)(dev\\.peregrine\\.[\\w.$]+)>");

    /** More clients and servers have the properties of the first ones, which are listed already. */
    private static final Set<String> LISTED = Set.of("grpc.client", "grpc.servers");

    private EntryProperties() {}

    /** In the form of the metadata, as {@code grpc.server.methods[].match}; none if this is no list or map of records. */
    static List<Map<String, Object>> of(Map<String, Object> property) {
        Matcher entries = ENTRIES.matcher((String) property.get("type"));
        String name = (String) property.get("name");
        if (!entries.matches() || LISTED.contains(name)) {
            return List.of();
        }
        String entry = name + (entries.group(1).startsWith("List") ? "[]." : ".<name>.");
        Class<?> record = classOf(entries.group(2));
        Map<String, String> descriptions = descriptionsIn(record);
        return Arrays.stream(record.getRecordComponents())
                .map(component -> entry(entry, component, descriptions))
                .toList();
    }

    private static Map<String, Object> entry(
            String prefix, RecordComponent component, Map<String, String> descriptions) {
        Map<String, Object> property = new LinkedHashMap<>();
        property.put(
                "name",
                prefix + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
        property.put("type", component.getGenericType().getTypeName());
        property.put("description", descriptions.get(component.getName()));
        DefaultValue value = component.getAnnotation(DefaultValue.class);
        if (value != null && value.value().length > 0) {
            property.put("defaultValue", String.join(",", value.value()));
        }
        return property;
    }

    /** What the Javadoc of the record says behind each {@code @param}, as the metadata have it of other records. */
    private static Map<String, String> descriptionsIn(Class<?> record) {
        String source = sourceOf(record);
        int end = source.indexOf("record " + record.getSimpleName() + "(");
        String comment = source.substring(source.lastIndexOf("/**", end), source.lastIndexOf("*/", end));
        Map<String, String> descriptions = new LinkedHashMap<>();
        for (String param : comment.replaceAll("\\s*\\n\\s*\\*\\s*", " ").split("@param ")) {
            String[] words = param.trim().split(" ", 2);
            if (words.length == 2) {
                descriptions.put(words[0], words[1].trim());
            }
        }
        return descriptions;
    }

    private static String sourceOf(Class<?> record) {
        String file = record.getName().replaceFirst("\\$.*", "").replace('.', '/') + ".java";
        try {
            return Files.readString(Path.of("src", "main", "java").resolve(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Class<?> classOf(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException notOurs) {
            throw new IllegalStateException(notOurs);
        }
    }
}
