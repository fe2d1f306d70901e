// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** Which of the runtime's doors this module opens. */
class DoorsTests {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.peregrine.grpc.boot");

    @Test
    void theWireAndTheTransportsStayClosed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.peregrine.grpc.wire..",
                        "dev.peregrine.grpc.transport.http2..",
                        "dev.peregrine.grpc.transport.inprocess..",
                        "io.netty..",
                        "io.grpc..")
                .because("a starter that knows frames breaks when they change")
                .check(OURS);
    }

    @Test
    void nothingHereNeedsATestToRun() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.test..", "org.springframework.boot.test..", "org.junit..")
                .because("what tests use is in grpc-spring-boot-test, which production does not carry")
                .check(OURS);
    }

    @Test
    void serverAndClientDoNotKnowEachOther() {
        SlicesRuleDefinition.slices()
                .matching("dev.peregrine.grpc.boot.(*)..")
                .should()
                .beFreeOfCycles()
                .because("an application may have one without the other")
                .check(OURS);
        noClasses()
                .that()
                .resideInAPackage("..boot.server..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..boot.client..")
                .check(OURS);
        noClasses()
                .that()
                .resideInAPackage("..boot.client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..boot.server..")
                .check(OURS);
    }

    @Test
    void tokensKnowClientsAndNotServers() {
        noClasses()
                .that()
                .resideInAPackage("..boot.tokens..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..boot.server..")
                .because("whose token goes on, the runtime's CallContext says, and Spring's security context")
                .check(OURS);
        noClasses()
                .that()
                .resideInAPackage("..boot.client..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..boot.tokens..", "org.springframework.security..")
                .because("a client without credentials must not need Spring Security")
                .check(OURS);
    }

    @Test
    void thereAreClassesToLookAt() {
        assertThat(OURS).hasSizeGreaterThan(20);
    }
}
