// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.Metadata;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/** Reads {@code grpc.client.<name>.metadata}. */
final class StaticMetadata {

    private StaticMetadata() {}

    /**
     * @throws IllegalArgumentException if a key or a value cannot travel; values are not repeated, they may be secrets
     */
    static Metadata of(Map<String, String> properties) {
        Metadata.Builder metadata = Metadata.builder();
        properties.forEach((key, value) -> add(metadata, key.toLowerCase(Locale.ROOT), value));
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
