// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What becomes of the comments in {@code comments.proto} and of the options in {@code deprecation.proto}. */
class CommentsTests {

    private static final Map<String, String> SOURCES =
            Fixtures.generate("comments.proto", "deprecation.proto", "deprecated_file.proto");
    private static final String DOCUMENTED = SOURCES.get("fixture/comments/Documented.java");

    @Test
    void theCommentAboveAServiceComesBeforeTheOneBehindItsBrace() {
        assertThat(DOCUMENTED).contains("""
                        /**
                         * Ends early *&#47; or &#92;u002a/ does it? Uses List&lt;String&gt; &amp; &#64;Tags, {&#64;link Nothing} and /* nests.
                         * Keeps umlauts: äöü, 漢字, 😀.
                         *
                         * <p>Second paragraph.
                         *
                         * <p>Behind the brace.
                         */
                        @org.jspecify.annotations.NullMarked
                        public final class Documented {
                        """);
    }

    @Test
    void aMethodsCommentIsInAllFourFaces() {
        String comment = """
                    /**
                     * A block comment,
                     * on two lines.
                     */
                """.indent(4);

        assertThat(DOCUMENTED.split(Pattern.quote(comment), -1)).hasSize(5);
    }

    @Test
    void theCommentBehindAMethodFollowsTheOneAbove() {
        assertThat(DOCUMENTED).contains("""
                                /**
                                 * Before.
                                 *
                                 * <p>Behind.
                                 */
                                fixture.comments.Note both(fixture.comments.Note request);
                        """);
    }

    @Test
    void aDetachedCommentBelongsToNobody() {
        assertThat(DOCUMENTED).doesNotContain("A licence").doesNotContain("A heading");
    }

    @Test
    void whatHasNoCommentIsDocumentedByItsName() {
        assertThat(SOURCES.get("fixture/comments/Undocumented.java"))
                .contains("/** The service {@code fixture.comments.Undocumented}. */")
                .contains("/** {@code fixture.comments.Undocumented/Silent} */");
    }

    @Test
    void deprecationIsAnAnnotationAndATag() {
        assertThat(SOURCES.get("fixture/deprecation/OldService.java")).contains("""
                        /**
                         * Was good once.
                         *
                         * @deprecated marked so in deprecation.proto
                         */
                        @java.lang.Deprecated
                        @org.jspecify.annotations.NullMarked
                        public final class OldService {
                        """);
    }

    @Test
    void theConstantOfADeprecatedMethodIsDeprecated() {
        assertThat(SOURCES.get("fixture/deprecation/MixedService.java"))
                .containsSubsequence("@java.lang.Deprecated", "            OLD = ")
                .contains("     * @deprecated marked so in deprecation.proto\n");
    }

    @Test
    void onlyAServiceThatUsesDeprecatedMessagesSilencesTheCompiler() {
        String silence = "@java.lang.SuppressWarnings(\"deprecation\")";

        assertThat(SOURCES.get("fixture/deprecation/UserOfOldMessages.java")).contains(silence);
        assertThat(SOURCES.get("fixture/deprecation/MixedService.java")).doesNotContain(silence);
    }
}
