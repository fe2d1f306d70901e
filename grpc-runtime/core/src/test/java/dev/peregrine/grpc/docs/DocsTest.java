// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.transport.Limits;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents keep up with the code. */
class DocsTest {

    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern QUOTE = Pattern.compile("<!-- from: (\\S+) -->\n```\\w+\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    @Test
    void everyRelativeLinkOfTheDocumentsLeadsToAFile() throws IOException {
        List<String> dead = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            Matcher matcher = LINK.matcher(Files.readString(document));
            while (matcher.find()) {
                String target = matcher.group(1).replaceFirst("#.*", "");
                if (target.isEmpty() || target.contains("://")) {
                    continue;
                }
                links++;
                if (!Files.exists(document.resolveSibling(target))) {
                    dead.add(ROOT.relativize(document) + " -> " + target);
                }
            }
        }
        assertThat(dead).isEmpty();
        assertThat(links).as("links looked at").isGreaterThan(20);
    }

    @Test
    void theTableOfLimitsShowsEveryLimitWithItsDefaultItsEndsAndWhetherItHoldsInProcess() throws Exception {
        String table = Files.readString(ROOT.resolve("docs/limits.md"));

        List<Method> limits = Stream.of(Limits.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getReturnType() == int.class || method.getReturnType() == Duration.class)
                .filter(method -> !method.getName().equals("hashCode"))
                .toList();
        assertThat(limits).as("limits looked at").hasSizeGreaterThan(10);
        for (Method limit : limits) {
            Object value = limit.invoke(Limits.DEFAULT);
            String number = value instanceof Duration duration ? Long.toString(duration.toSeconds()) : value.toString();
            assertThat(table)
                    .containsPattern("\\| `" + limit.getName() + "` \\| " + number
                            + " ?[a-z ]* \\| (both|server|client) \\| (yes|no)\\b[^|]* \\|");
        }
    }

    /** The last column of "Attacks and answers". */
    @Test
    void everyAttacksRowNamesATestThatExists() throws IOException {
        Set<String> tests = new HashSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
            sources.forEach(source -> tests.add(source.getFileName().toString()));
        }
        List<String> untested = new ArrayList<>();
        int attacks = 0;
        for (String row : section("docs/limits.md", "## Attacks and answers").split("\n")) {
            if (!row.startsWith("| ") || row.startsWith("| Attack |")) {
                continue;
            }
            attacks++;
            String[] cells = row.split("\\|");
            Matcher named = Pattern.compile("`(\\w+)`").matcher(cells[cells.length - 1]);
            boolean any = false;
            while (named.find()) {
                any = true;
                if (!tests.contains(named.group(1) + ".java")) {
                    untested.add(named.group(1));
                }
            }
            if (!any) {
                untested.add(row);
            }
        }
        assertThat(untested).isEmpty();
        assertThat(attacks).as("attacks looked at").isGreaterThan(15);
    }

    private static String section(String document, String heading) throws IOException {
        String text = Files.readString(ROOT.resolve(document));
        int start = text.indexOf(heading) + heading.length();
        int end = text.indexOf("\n## ", start);
        return text.substring(start, end < 0 ? text.length() : end);
    }

    @Test
    void everyQuotedPieceOfCodeStandsInTheFileItIsQuotedFrom() throws IOException {
        List<String> strangers = new ArrayList<>();
        int quotes = 0;
        for (Path document : documents()) {
            Matcher matcher = QUOTE.matcher(Files.readString(document));
            while (matcher.find()) {
                quotes++;
                String source = Files.readString(ROOT.resolve(matcher.group(1)));
                if (!source.contains(matcher.group(2))) {
                    strangers.add(ROOT.relativize(document) + " quotes what is not in " + matcher.group(1) + ":\n"
                            + matcher.group(2));
                }
            }
        }
        assertThat(strangers).isEmpty();
        assertThat(quotes).as("quotes looked at").isGreaterThan(5);
    }

    @Test
    void noPieceOfJavaIsWrittenByHand() throws IOException {
        List<String> unmarked = new ArrayList<>();
        for (Path document : documents()) {
            List<String> lines = Files.readAllLines(document);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).strip().equals("```java")
                        && (i == 0 || !lines.get(i - 1).startsWith("<!-- from: "))) {
                    unmarked.add(ROOT.relativize(document) + ":" + (i + 1));
                }
            }
        }
        assertThat(unmarked)
                .as("pieces of Java that nobody compiles; put them into a test, and the test's path above them")
                .isEmpty();
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> root = Files.list(ROOT)) {
            return Stream.concat(docs, root)
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
    }
}
