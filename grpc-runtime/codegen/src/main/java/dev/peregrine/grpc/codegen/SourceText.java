// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import java.util.List;

/** Java source text under construction: knows lines, indentation and braces, and nothing else of Java. */
final class SourceText {

    private static final String INDENT = "    ";
    private static final int MAX_COLUMNS = 120;

    private final StringBuilder text = new StringBuilder();
    private int depth;

    SourceText line(String line) {
        text.append(INDENT.repeat(depth)).append(line).append('\n');
        return this;
    }

    /** A line that belongs to the statement begun on the line before. */
    SourceText continued(String line) {
        return line(INDENT + INDENT + line);
    }

    SourceText blank() {
        text.append('\n');
        return this;
    }

    /** A line that opens a block; {@link #close()} ends it. May be a signature. */
    SourceText open(String line) {
        signature(line, " {");
        depth++;
        return this;
    }

    /** What declares a method, each parameter on a line of its own if one line does not hold all. */
    SourceText signature(String signature, String end) {
        int parameters = signature.indexOf('(') + 1;
        if (parameters == 0 || INDENT.length() * depth + signature.length() + end.length() <= MAX_COLUMNS) {
            return line(signature + end);
        }
        line(signature.substring(0, parameters));
        return continued(signature.substring(parameters).replace(", ", ",\n" + INDENT.repeat(depth + 2)) + end);
    }

    SourceText close() {
        depth--;
        return line("}");
    }

    /** @param body the comment's lines, already fit for a comment */
    SourceText javadoc(List<String> body) {
        if (body.size() == 1) {
            return line("/** " + body.get(0) + " */");
        }
        line("/**");
        body.forEach(line -> line((" * " + line).stripTrailing()));
        return line(" */");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
