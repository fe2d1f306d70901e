// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/migration-properties.md} are the names that the hints know, and lead to properties that exist. After a
 * change write them anew: {@code ./mvnw -pl grpc-spring-boot-autoconfigure -am test -Dtest=MigrationPageTests
 * -Dmigration.write=true -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class MigrationPageTests {

    private static final Path PAGE = Path.of("..", "docs", "migration-properties.md");

    private static final Path GUIDE = Path.of("..", "docs", "migration.md");

    private static final Pattern TEST = Pattern.compile("\\[`\\w+Tests?`]\\(([^)]+)\\) `(\\w+)`");

    private static final Pattern PROPERTY = Pattern.compile("`((?:grpc|management)\\.[a-z*<>.-]+)(?:=\\w+)?`");

    @Test
    void everyNewNameIsAPropertyOfOurs() {
        Set<String> ours = ours();
        for (OldNames starter : KnownStarters.ALL) {
            for (OldName old : starter.names()) {
                if (old.replacement() != null) {
                    assertThat(ours)
                            .as("what " + old.pattern() + " is called here")
                            .contains(known(old.replacement()));
                }
            }
        }
    }

    @Test
    void whatHasNoNewNameHasAReason() {
        assertThat(KnownStarters.ALL)
                .flatExtracting(OldNames::names)
                .filteredOn(old -> old.replacement() == null)
                .isNotEmpty()
                .allSatisfy(
                        old -> assertThat(old.note()).as(old.pattern().text()).isNotBlank());
    }

    @Test
    void noNameHasTwoAnswers() {
        assertThat(KnownStarters.ALL)
                .flatExtracting(OldNames::names)
                .extracting(OldName::pattern)
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(100);
    }

    /** Names with a client's in them cannot be listed, and those under {@code spring.grpc} are Spring Boot's to describe. */
    @Test
    void editorsAndTheLogSayTheSame() {
        assertThat(Metadata.properties().stream()
                        .filter(property -> property.containsKey("deprecation"))
                        .map(property -> {
                            Map<?, ?> deprecation = (Map<?, ?>) property.get("deprecation");
                            return property.get("name") + " -> " + deprecation.get("replacement");
                        }))
                .containsExactlyInAnyOrderElementsOf(KnownStarters.ALL.stream()
                        .filter(starter -> starter.reader() == null)
                        .flatMap(starter -> starter.names().stream())
                        .filter(old -> !old.pattern().text().matches(".*(\\*|GLOBAL|[A-Z]).*"))
                        .map(old -> old.pattern() + " -> " + old.replacement())
                        .toList());
    }

    @Test
    void thePageShowsEveryName() throws IOException {
        String page = Files.readString(PAGE);
        String expected = page;
        for (OldNames starter : KnownStarters.ALL) {
            Pattern table = Pattern.compile(
                    "(<!-- names: " + Pattern.quote(starter.of()) + " -->\n)(?:\\|[^\n]*\n)*", Pattern.DOTALL);
            Matcher place = table.matcher(expected);
            assertThat(place.find())
                    .as("a place for the table of " + starter.of())
                    .isTrue();
            expected = place.replaceFirst(found -> Matcher.quoteReplacement(found.group(1) + table(starter)));
        }
        if (Boolean.getBoolean("migration.write")) {
            Files.writeString(PAGE, expected);
            return;
        }
        assertThat(page)
                .as("docs/migration-properties.md (the comment of this test says how to write it)")
                .isEqualTo(expected);
    }

    /** Also in what is written by hand. */
    @Test
    void everyPropertyOfOursOnThePageExists() throws IOException {
        Set<String> old = KnownStarters.ALL.stream()
                .flatMap(starter -> starter.names().stream())
                .map(name -> shown(name.pattern().text()))
                .collect(Collectors.toSet());
        Matcher named = PROPERTY.matcher(Files.readString(GUIDE) + Files.readString(PAGE));
        while (named.find()) {
            if (!old.contains(named.group(1))) {
                String name = known(named.group(1).replace("<name>", "*"));
                assertThat(ours())
                        .as("a property on the page, or what several begin with")
                        .anySatisfy(property -> assertThat(property + '.').startsWith(name + '.'));
            }
        }
    }

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Matcher named = TEST.matcher(Files.readString(GUIDE));
        int tests = 0;
        for (; named.find(); tests++) {
            assertThat(GUIDE.resolveSibling(named.group(1))).content().contains("void " + named.group(2) + "(");
        }
        assertThat(tests).isGreaterThan(20);
    }

    private static String table(OldNames starter) {
        return "| There | Here | |\n|---|---|---|\n"
                + starter.names().stream()
                        .filter(old -> !old.pattern().text().contains(".GLOBAL."))
                        .map(old -> "| `" + shown(old.pattern().text()) + "` | "
                                + (old.replacement() == null ? "–" : "`" + shown(old.replacement()) + "`") + " | "
                                + note(old) + " |\n")
                        .collect(Collectors.joining());
    }

    private static String note(OldName old) {
        String note = old.note().replace("|", "\\|").replaceAll("(\\S*<\\w+>)", "`$1`");
        return old.isRefused() ? "**TLS** " + note : note;
    }

    private static String shown(String pattern) {
        return pattern.endsWith(".**")
                ? pattern.substring(0, pattern.length() - 1).replace(".*.", ".<name>.")
                : pattern.replace(".*", ".<name>");
    }

    /** As the metadata have it: those of a client are listed for the default, those in a map not at all. */
    private static String known(String name) {
        String listed = name.replace("grpc.client.*.", "grpc.client.default.");
        return listed.replaceFirst("\\.\\*.*", "");
    }

    private static Set<String> ours() {
        return Metadata.properties().stream()
                .filter(property -> !property.containsKey("deprecation"))
                .map(property -> (String) property.get("name"))
                .collect(Collectors.toSet());
    }
}
