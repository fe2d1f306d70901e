// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which of the runtime's doors this module opens. */
class TestSupportDoorsTests {

    private static final JavaClasses BOOT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.peregrine.grpc.boot");

    @Test
    void theWireAndTheTransportsStayClosed() {
        noClasses()
                .that()
                .resideInAPackage("..boot.test..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.peregrine.grpc.wire..",
                        "dev.peregrine.grpc.transport..",
                        "dev.peregrine.grpc.testkit..",
                        "io.netty..",
                        "io.grpc..")
                .because("tests of applications see of the runtime what applications see")
                .check(BOOT);
    }

    @Test
    void thereAreClassesToLookAt() {
        assertThat(BOOT.contain(GrpcTest.class)).isTrue();
    }
}
