// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** What the annotation processor and we have written about our properties. */
public final class Metadata {

    private static final Object CONTENT = read();

    private Metadata() {}

    public static List<Map<String, Object>> properties() {
        return entries("properties");
    }

    static List<Map<String, Object>> hints() {
        return entries("hints");
    }

    private static List<Map<String, Object>> entries(String kind) {
        return JsonPath.read(CONTENT, "$." + kind);
    }

    /** Several jars have such a file; ours is beside our classes and comes first. */
    private static Object read() {
        try (InputStream file = Metadata.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return JsonPath.parse(file).json();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
