// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Names of properties in all the ways that Spring Boot lets them be written: dashes and case do not count, and in
 * environment variables a dash may have become an underscore, which reads like a dot.
 *
 * @param text names separated by dots; {@code *} is any one, {@code **} at the end any number, at least one
 */
record NamePattern(String text) {

    private static final String ONE = "*";

    private static final String MANY = "**";

    /** What stands where the pattern has {@code *}; null if it does not match. */
    @Nullable
    List<String> match(ConfigurationPropertyName name) {
        List<String> captured = new ArrayList<>();
        int next = 0;
        for (String expected : text.split("\\.")) {
            if (next == name.getNumberOfElements()) {
                return null;
            }
            if (expected.equals(MANY)) {
                return captured;
            }
            if (expected.equals(ONE)) {
                captured.add(name.getElement(next++, Form.ORIGINAL));
            } else {
                int length = lengthOf(expected, name, next);
                if (length == 0) {
                    return null;
                }
                next += length;
            }
        }
        return isEndOrIndex(name, next) ? captured : null;
    }

    /** How many elements of the name are the expected one: all of its words in one, or one for each; 0 for neither. */
    private static int lengthOf(String expected, ConfigurationPropertyName name, int from) {
        String lower = expected.toLowerCase(Locale.ROOT);
        if (name.getElement(from, Form.UNIFORM).equals(lower.replace("-", ""))) {
            return 1;
        }
        String[] words = lower.split("-");
        if (from + words.length > name.getNumberOfElements()) {
            return 0;
        }
        for (int i = 0; i < words.length; i++) {
            if (!name.getElement(from + i, Form.UNIFORM).equals(words[i])) {
                return 0;
            }
        }
        return words.length;
    }

    /** Lists have a number behind the name. */
    private static boolean isEndOrIndex(ConfigurationPropertyName name, int next) {
        int left = name.getNumberOfElements() - next;
        return left == 0 || (left == 1 && name.isNumericIndex(next));
    }

    @Override
    public String toString() {
        return text;
    }
}
