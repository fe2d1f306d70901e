// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.naming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.fuzz.Fuzz;
import dev.peregrine.grpc.fuzz.Tally;
import org.junit.jupiter.api.Test;

class TargetFuzzTest {

    private final Tally tally = new Tally();

    /** What is understood names a target that is understood again, and the same. */
    @Test
    void everyTextIsATargetOrRefusedWithIllegalArgument() {
        int played = Fuzz.repeat(30_000, chance -> {
            String text = chance.of("", "", "dns:", "dns:///", "dns://", "xds:", "[::1]:", "host:", "unix:")
                    + chance.text(12, "host.1:9090[]/%");
            Target target;
            try {
                target = Target.parse(text);
            } catch (IllegalArgumentException refused) {
                tally.count("refused");
                return;
            }
            tally.count("understood");
            assertThat(Target.parse(target.toString())).as("target '%s'", text).isEqualTo(target);
        });
        tally.expect("understood", played, 20).expect("refused", played, 4);
    }
}
