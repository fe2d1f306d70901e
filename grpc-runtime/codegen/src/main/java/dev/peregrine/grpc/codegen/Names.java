// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/**
 * Finds Java names for what the {@code .proto} file names, each used once. A name that is taken gets underscores until it
 * is free; who comes first in the file keeps the plain one, so adding a method at the end never renames another.
 */
final class Names {

    private static final Pattern WORD_BOUNDARY = Pattern.compile("_+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    private final Set<String> taken;

    /** @param reserved names that must not be given away */
    Names(Set<String> reserved) {
        this.taken = new HashSet<>(reserved);
    }

    /** The wish itself, or the wish and as many underscores as it takes. */
    String claim(String wish) {
        String name = wish;
        while (SourceVersion.isKeyword(name, SourceVersion.RELEASE_17) || !taken.add(name)) {
            name += '_';
        }
        return name;
    }

    /** {@code SayHello} and {@code say_hello} become {@code sayHello}. Letters inside a word stay as they are. */
    static String lowerCamel(String protoName) {
        StringBuilder name = new StringBuilder();
        for (String word : protoName.split("_+")) {
            name.append(
                    name.isEmpty() ? word : withFirst(word, word.substring(0, 1).toUpperCase(Locale.ROOT)));
        }
        if (name.isEmpty()) {
            return "_";
        }
        return identifier(withFirst(name.toString(), name.substring(0, 1).toLowerCase(Locale.ROOT)));
    }

    /** {@code SayHello}, {@code sayHello} and {@code say_hello} become {@code SAY_HELLO}; {@code GetURL}, {@code GET_URL}. */
    static String upperSnake(String protoName) {
        StringBuilder name = new StringBuilder();
        for (String word : WORD_BOUNDARY.split(protoName)) {
            name.append(name.isEmpty() ? "" : "_").append(word.toUpperCase(Locale.ROOT));
        }
        return name.isEmpty() ? "_" : identifier(name.toString());
    }

    private static String withFirst(String word, String first) {
        return first + word.substring(1);
    }

    private static String identifier(String name) {
        return Character.isJavaIdentifierStart(name.charAt(0)) ? name : "_" + name;
    }
}
