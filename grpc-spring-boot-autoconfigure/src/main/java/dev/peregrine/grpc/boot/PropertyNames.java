// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** Calls a setting of the runtime, which refuses values under its Java name, as configuration files call it. */
public final class PropertyNames {

    /** How the runtime begins to say what it refuses: {@code maxWaitingCalls: 0 (expected: >= 1)}. */
    private static final Pattern JAVA_NAME = Pattern.compile("([a-z]+[A-Za-z]*): .*", Pattern.DOTALL);

    private PropertyNames() {}

    /**
     * What is made, or the reason why not with the property's name: {@code limits.max-waiting-calls: 0 (expected: >= 1)}.
     *
     * @param parent the property that the settings stand under, such as {@code limits}
     * @throws IllegalArgumentException if the runtime refuses a value
     */
    public static <T> T under(String parent, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException refused) {
            String text = String.valueOf(refused.getMessage());
            Matcher named = JAVA_NAME.matcher(text);
            if (!named.matches()) {
                throw refused;
            }
            String name = named.group(1);
            throw new IllegalArgumentException(
                    parent + '.' + DataObjectPropertyName.toDashedForm(name) + text.substring(name.length()));
        }
    }
}
