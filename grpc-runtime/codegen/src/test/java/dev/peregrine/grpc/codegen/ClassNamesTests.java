// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileOptions;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import org.junit.jupiter.api.Test;

class ClassNamesTests {

    @Test
    void aServiceIsInAFileOfItsName() {
        assertThat(Fixtures.generate("helloworld/helloworld.proto"))
                .containsOnlyKeys("fixture/helloworld/Greeter.java");
    }

    @Test
    void withoutAPackageTheFileIsAtTheTop() {
        assertThat(Fixtures.generate("unnamed.proto")).containsOnlyKeys("UnnamedPackage.java");
        assertThat(Fixtures.generate("unnamed.proto").get("UnnamedPackage.java"))
                .doesNotContain("\npackage ");
    }

    @Test
    void aServiceCalledLikeAClassThatProtocWritesGetsGrpcBehindItsName() {
        assertThat(Fixtures.generate("same_name_service.proto"))
                .containsOnlyKeys(
                        "fixture/samename/MessageNameGrpc.java",
                        "fixture/samename/EnumNameGrpc.java",
                        "fixture/samename/OuterNameGrpc.java",
                        "fixture/samename/BuilderNameOrBuilderGrpc.java",
                        "fixture/samename/TwiceTakenGrpc_.java",
                        "fixture/samename/NestedName.java");
    }

    @Test
    void theWireNameStaysWhateverTheClassIsCalled() {
        assertThat(Fixtures.generate("same_name_service.proto").get("fixture/samename/MessageNameGrpc.java"))
                .contains("java.lang.String NAME = \"fixture.samename.services.MessageName\";");
    }

    @Test
    void aServiceForWhichProtocWritesAGenericServiceGetsGrpcBehindItsName() {
        assertThat(Fixtures.generate("legacy.proto")).containsOnlyKeys("fixture/proto2/LegacyServiceGrpc.java");
    }

    @Test
    void aServiceCalledLikeOneOfItsFacesOrLikeAJavaWordGetsGrpcBehindItsName() {
        assertThat(Fixtures.generate("service_names.proto"))
                .containsOnlyKeys(
                        "fixture/servicenames/ServiceGrpc.java",
                        "fixture/servicenames/AsyncClientGrpc.java",
                        "fixture/servicenames/BlockingStubGrpc.java",
                        "fixture/servicenames/String.java",
                        "fixture/servicenames/Object.java",
                        "fixture/servicenames/recordGrpc.java",
                        "fixture/servicenames/classGrpc.java");
    }

    @Test
    void anEmptyServiceIsAServiceToo() {
        assertThat(Fixtures.generate("empty_service.proto").get("fixture/emptyservice/Empty.java"))
                .contains("dev.peregrine.grpc.ServiceDescriptor.of(NAME)");
    }

    @Test
    void aFileWithoutServicesBecomesNothing() {
        assertThat(Fixtures.generate("no_service.proto")).isEmpty();
    }

    @Test
    void onlyTheFilesAskedForAreGenerated() {
        assertThat(Fixtures.generate("imports.proto"))
                .containsOnlyKeys("fixture/imports/Importer.java", "fixture/imports/WellKnown.java");
    }

    @Test
    void twoServicesThatWouldShareAClassAreRefusedByName() {
        CodeGeneratorRequest.Builder request = Fixtures.request("empty_service.proto", "copy.proto").toBuilder();
        request.addProtoFileBuilder()
                .setName("copy.proto")
                .setSyntax("proto3")
                .setPackage("copy")
                .setOptions(FileOptions.newBuilder().setJavaPackage("fixture.emptyservice"))
                .addServiceBuilder()
                .setName("Empty");

        CodeGeneratorResponse response = new Generator(warning -> {}).generate(request.build());

        assertThat(response.getError())
                .isEqualTo("services fixture.emptyservice.Empty (empty_service.proto) and copy.Empty (copy.proto) would"
                        + " both become the Java class fixture.emptyservice.Empty; give one of the files another"
                        + " java_package");
    }
}
