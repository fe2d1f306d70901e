// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import java.util.ArrayList;
import java.util.List;

/** Turns plain text into the lines of a Javadoc comment, so that no text can end the comment or be taken for markup. */
final class Javadoc {

    private Javadoc() {}

    /** The body of a Javadoc comment; paragraphs are what blank lines separate. */
    static List<String> body(String text) {
        List<String> body = new ArrayList<>();
        boolean paragraphStarts = false;
        for (String line : text.strip().lines().map(String::strip).toList()) {
            if (line.isEmpty()) {
                paragraphStarts = true;
                continue;
            }
            if (paragraphStarts) {
                body.add("");
            }
            body.add((paragraphStarts ? "<p>" : "") + escape(line));
            paragraphStarts = false;
        }
        return body;
    }

    /**
     * Besides HTML: {@code @} starts a tag, {@code *}{@code /} ends the comment, and a backslash with a {@code u} behind it
     * is read by the compiler (JLS 3.3) before it knows what a comment is.
     */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '@' -> escaped.append("&#64;");
                case '/' -> escaped.append(endsWith(escaped, '*') ? "&#47;" : "/");
                case '\\' -> escaped.append("&#92;");
                default -> escaped.append(Character.isISOControl(c) ? ' ' : (char) c);
            }
        });
        return escaped.toString();
    }

    private static boolean endsWith(StringBuilder text, char last) {
        return !text.isEmpty() && text.charAt(text.length() - 1) == last;
    }
}
