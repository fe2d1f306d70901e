// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Command-line flags, written {@code --name=value} as in interop-test-descriptions.md. A flag given twice counts as given
 * last. Every method throws {@link IllegalArgumentException} with a text for the person at the keyboard.
 */
public final class Flags {

    private final Map<String, String> values;

    private Flags(Map<String, String> values) {
        this.values = values;
    }

    /**
     * @param known every flag the program understands
     */
    public static Flags parse(String[] arguments, Set<String> known) {
        Map<String, String> values = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException("argument '" + argument + "' (expected: --name=value)");
            }
            String name = argument.substring(2, equals);
            if (!known.contains(name)) {
                throw new IllegalArgumentException("unknown flag --" + name);
            }
            values.put(name, argument.substring(equals + 1));
        }
        return new Flags(values);
    }

    public @Nullable String text(String name) {
        return values.get(name);
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /**
     * @param lowest 0 where a free port may be taken, else 1
     */
    public int port(String name, int otherwise, int lowest) {
        return number(name, otherwise, lowest, 65_535);
    }

    /** A whole number within these bounds, both included. */
    public int number(String name, int otherwise, int lowest, int highest) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below, like a number out of range.
        }
        throw new IllegalArgumentException(
                "--" + name + ": '" + text + "' (expected: " + lowest + " to " + highest + ")");
    }

    public boolean bool(String name, boolean otherwise) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw new IllegalArgumentException("--" + name + ": '" + text + "' (expected: true or false)");
    }

    public Face face() {
        return Face.parse(text("face", Face.BLOCKING.toString()));
    }
}
