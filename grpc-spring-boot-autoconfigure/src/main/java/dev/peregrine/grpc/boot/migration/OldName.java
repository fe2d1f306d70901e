// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * A property of another starter.
 *
 * @param pattern its name there
 * @param replacement its name here, with as many {@code *} as the pattern; null if there is none
 * @param note what else to know: how the value differs, or why there is no counterpart; may be empty
 * @param isRefused whether it asks for encryption, so that the start ends where nothing of ours answers it
 */
record OldName(NamePattern pattern, @Nullable String replacement, String note, boolean isRefused) {

    private static final Pattern PLAIN_ELEMENT = Pattern.compile("[a-z0-9][a-z0-9-]*");

    static OldName moved(String pattern, String replacement) {
        return moved(pattern, replacement, "");
    }

    static OldName moved(String pattern, String replacement, String note) {
        return new OldName(new NamePattern(pattern), replacement, note, false);
    }

    static OldName gone(String pattern, String why) {
        return new OldName(new NamePattern(pattern), null, why, false);
    }

    static OldName refused(String pattern, String replacement, String note) {
        return new OldName(new NamePattern(pattern), replacement, note, true);
    }

    /**
     * What to do about the property; null if it is another one. That it is in particular where the new name reads the same:
     * {@code GRPC_SERVER_SHUTDOWN_GRACE_PERIOD} is a variable for both of {@code grpc.server.shutdown-grace-period} and
     * {@code grpc.server.shutdown.grace-period}.
     */
    @Nullable
    String adviceFor(ConfigurationPropertyName name) {
        List<String> captured = pattern.match(name);
        if (captured == null || (replacement != null && new NamePattern(replacement).match(name) != null)) {
            return null;
        }
        if (replacement == null) {
            return "no counterpart: " + note;
        }
        return "set " + filled(replacement, captured) + " instead" + (note.isEmpty() ? "" : ": " + note);
    }

    private static String filled(String replacement, List<String> captured) {
        String text = replacement;
        for (String element : captured) {
            boolean plain = PLAIN_ELEMENT.matcher(element).matches();
            int star = text.indexOf(".*");
            if (star < 0) {
                return text;
            }
            text = text.substring(0, star) + (plain ? "." + element : "[" + element + "]") + text.substring(star + 2);
        }
        return text;
    }
}
