// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code src/test/golden/Greeter.java} is the generated code to look at, in review above all. */
class GreeterSourceTests {

    @Test
    void theGreeterReadsLikeTheGoldenFile() throws Exception {
        String golden = Files.readString(Path.of("src", "test", "golden", "Greeter.java"));

        assertThat(Fixtures.generate("helloworld/helloworld.proto"))
                .containsEntry("fixture/helloworld/Greeter.java", golden);
    }

    @Test
    void theSameFilesAlwaysBecomeTheSameCode() {
        assertThat(Fixtures.generate(Fixtures.names())).isEqualTo(Fixtures.generate(Fixtures.names()));
    }
}
