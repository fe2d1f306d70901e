// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.Metadata;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads {@code grpc.client.<name>.metadata}. */
final class StaticMetadata {

    private StaticMetadata() {}

    /**
     * The entries by lower-case key, as keys travel. Of keys that differ in nothing else the first counts, which is that of
     * the nearest source: otherwise a client that sets {@code authorization} would send the {@code Authorization} of all
     * clients too.
     */
    static Map<String, String> withoutTwins(Map<String, String> properties) {
        Map<String, String> first = new LinkedHashMap<>();
        properties.forEach((key, value) -> first.putIfAbsent(key.toLowerCase(Locale.ROOT), value));
        return Collections.unmodifiableMap(first);
    }

    /**
     * The metadata that is sent with each call: all entries that have a value. Without one, a client takes back what is set
     * for all.
     *
     * @param properties by lower-case key
     * @throws IllegalArgumentException if a key or a value cannot travel; values are not repeated, they may be secrets
     */
    static Metadata of(Map<String, String> properties) {
        Metadata.Builder metadata = Metadata.builder();
        properties.forEach((key, value) -> {
            if (!value.isEmpty()) {
                add(metadata, key, value);
            }
        });
        return metadata.build();
    }

    private static void add(Metadata.Builder metadata, String key, String value) {
        if (key.endsWith("-bin")) {
            metadata.addBinary(key, bytes(key, value));
            return;
        }
        try {
            metadata.addText(key, value);
        } catch (IllegalArgumentException illegal) {
            throw new IllegalArgumentException("metadata." + key + ": " + illegal.getMessage());
        }
    }

    private static byte[] bytes(String key, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException illegal) {
            throw new IllegalArgumentException("metadata." + key + ": its value is not base64, as keys in -bin need");
        }
    }
}
