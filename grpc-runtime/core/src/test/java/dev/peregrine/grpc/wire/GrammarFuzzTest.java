// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.fuzz.Chance;
import dev.peregrine.grpc.fuzz.Fuzz;
import dev.peregrine.grpc.fuzz.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Any text at all may stand where the grammar expects something: it is read, or refused, as the contract says. */
class GrammarFuzzTest {

    private static final int ITERATIONS = 30_000;

    private final Tally tally = new Tally();

    @Test
    void everyTextIsReadAsAPercentEncodedOne() {
        Fuzz.repeat(ITERATIONS, chance -> {
            String text = chance.text(30, "%0aAfFgz \u00e9");
            assertThat(PercentEncoding.decode(text)).as("decoded '%s'", text).isNotNull();
        });
    }

    @Test
    void everyTextComesBackFromItsPercentEncoding() {
        Fuzz.repeat(ITERATIONS, chance -> {
            String text = withoutLoneSurrogates(chance.text(30, "% \u00e9\u20ac\t\nab"));
            String encoded = PercentEncoding.encode(text);

            assertThat(encoded)
                    .as("encoded '%s'", text)
                    .matches("[ -~]*")
                    .doesNotStartWith(" ")
                    .doesNotEndWith(" ");
            assertThat(PercentEncoding.decode(encoded)).isEqualTo(text);
        });
    }

    private static String withoutLoneSurrogates(String text) {
        return text.codePoints()
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    @Test
    void everyTextIsATimeoutOrNone() {
        int played = Fuzz.repeat(ITERATIONS, chance -> {
            String text = chance.oneIn(2) ? chance.text(10, "0123456789") : chance.text(9, "0123456789") + unit(chance);
            long nanos = Timeout.parse(text);

            boolean isOne = text.matches("[0-9]{1,8}[HMSmun]");
            assertThat(nanos).as("timeout '%s'", text).isBetween(isOne ? 0L : -1L, isOne ? Long.MAX_VALUE / 2 : -1L);
            tally.count(isOne ? "timeout" : "no timeout");
        });
        tally.expect("timeout", played, 8).expect("no timeout", played, 4);
    }

    private static String unit(Chance chance) {
        return chance.of("H", "M", "S", "m", "u", "n", "h", "");
    }

    @Test
    void aTimeoutComesBackNoLongerAndNoMoreThanAUnitShorter() {
        Fuzz.repeat(ITERATIONS, chance -> {
            long nanos = chance.bits() >>> chance.below(63);
            String encoded = Timeout.encode(nanos);
            long read = Timeout.parse(encoded);

            long most = Math.max(1, nanos < 0 ? 1 : nanos);
            assertThat(read).as("%d ns as %s", nanos, encoded).isLessThanOrEqualTo(most);
            // Seven digits at least are left whenever a coarser unit is chosen, but for hours, which are 60 minutes.
            assertThat(read).isGreaterThanOrEqualTo(Math.min(most, Long.MAX_VALUE / 2) / 1_000_000 * 999_000);
        });
    }

    @Test
    void everyTextIsAContentTypeOfGrpcOrNone() {
        int played = Fuzz.repeat(ITERATIONS, chance -> {
            String text = chance.oneIn(2)
                    ? chance.of("application/grpc", "APPLICATION/gRPC") + chance.text(5, "+; -\tproto")
                    : chance.text(25, "application/grpc");

            boolean isOne = text.matches("(?is)application/grpc(\\+.*|[ \\t]*(;.*)?)");
            assertThat(ContentType.isGrpc(text)).as("content-type '%s'", text).isEqualTo(isOne);
            tally.count(isOne ? "content type" : "no content type");
        });
        tally.expect("content type", played, 8).expect("no content type", played, 4);
    }

    @Test
    void everyTextIsBinaryValuesOrNone() {
        int played = Fuzz.repeat(ITERATIONS, chance -> {
            String text = chance.text(20, "AQz09+/=, \t");
            Metadata.Builder into = Metadata.builder();
            boolean read = BinaryValues.decode("x-bin", text, into);

            int values = into.build().getAll(MetadataKey.binary("x-bin")).size();
            assertThat(values).as("values of '%s'", text).isEqualTo(read ? text.split(",", -1).length : 0);
            tally.count(read ? "binary values" : "no binary values");
        });
        tally.expect("binary values", played, 20).expect("no binary values", played, 4);
    }

    @Test
    void binaryValuesComeBackAlsoWhenSomebodyJoinedThem() {
        Fuzz.repeat(ITERATIONS, chance -> {
            List<byte[]> values = new ArrayList<>();
            StringBuilder joined = new StringBuilder();
            for (int n = 1 + chance.below(4); n > 0; n--) {
                values.add(chance.bytes(chance.below(20)));
                String encoded = BinaryValues.encode(values.get(values.size() - 1));
                joined.append(values.size() == 1 ? "" : chance.of(",", ", ", " ,\t"))
                        .append(encoded);
                joined.append(chance.oneIn(2) ? "=".repeat((4 - encoded.length() % 4) % 4) : "");
            }
            Metadata.Builder into = Metadata.builder();

            assertThat(BinaryValues.decode("x-bin", joined, into)).isTrue();
            assertThat(into.build().getAll(MetadataKey.binary("x-bin"))).containsExactlyElementsOf(values);
        });
    }
}
