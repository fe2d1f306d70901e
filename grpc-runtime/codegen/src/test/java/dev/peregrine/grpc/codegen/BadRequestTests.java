// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is wrong with the files is said in the response, and nothing is generated. */
class BadRequestTests {

    private final List<String> warnings = new ArrayList<>();
    private final Generator generator = new Generator(warnings::add);

    @Test
    void everyResponseSaysWhatTheGeneratorUnderstands() {
        for (CodeGeneratorResponse response : List.of(
                generator.generate(Fixtures.request("helloworld/helloworld.proto")),
                generator.generate(CodeGeneratorRequest.getDefaultInstance()))) {
            assertThat(response.getSupportedFeatures())
                    .isEqualTo(Feature.FEATURE_PROTO3_OPTIONAL_VALUE | Feature.FEATURE_SUPPORTS_EDITIONS_VALUE);
            assertThat(response.getMinimumEdition()).isEqualTo(998);
            assertThat(response.getMaximumEdition()).isEqualTo(1001);
        }
    }

    @Test
    void aFileToGenerateThatIsNotInTheRequestIsNamed() {
        assertThat(errorOf("file_to_generate: 'b.proto' proto_file { name: 'a.proto' }"))
                .isEqualTo("protoc asked for code from b.proto, which the request does not hold (before its first use);"
                        + " it holds [a.proto]");
    }

    @Test
    void anImportThatIsNotInTheRequestIsNamed() {
        assertThat(errorOf("file_to_generate: 'a.proto' proto_file { name: 'a.proto' dependency: 'b.proto' }"))
                .startsWith("a.proto imports b.proto, which the request does not hold");
    }

    @Test
    void aTypeThatCannotBeResolvedIsNamed() {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("a.proto")
                .addService(ServiceDescriptorProto.newBuilder()
                        .setName("S")
                        .addMethod(MethodDescriptorProto.newBuilder()
                                .setName("M")
                                .setInputType(".no.Such")
                                .setOutputType(".no.Such")))
                .build();

        assertThat(errorOf(CodeGeneratorRequest.newBuilder()
                        .addFileToGenerate("a.proto")
                        .addProtoFile(file)
                        .build()))
                .startsWith("cannot understand a.proto: ")
                .contains(".no.Such");
    }

    @Test
    void anEditionTooNewIsRefused() {
        assertThat(errorOf("file_to_generate: 'a.proto'"
                        + " proto_file { name: 'a.proto' syntax: 'editions' edition: EDITION_99999_TEST_ONLY }"))
                .startsWith("cannot understand a.proto: ");
    }

    @Test
    void aRequestForNothingIsRefused() {
        assertThat(errorOf("")).startsWith("the request names no file to generate");
    }

    @Test
    void aMessageInTheUnnamedPackageCannotBeUsedFromANamedOne() {
        assertThat(errorOf("""
                        file_to_generate: 'b.proto'
                        proto_file { name: 'a.proto' message_type { name: 'M' } }
                        proto_file { name: 'b.proto' package: 'b' dependency: 'a.proto'
                          service { name: 'S' method { name: 'Call' input_type: '.M' output_type: '.M' } } }
                        """))
                .isEqualTo(
                        "the message M of a.proto is in Java's unnamed package and cannot be used from the package b;"
                                + " give a.proto a java_package");
    }

    @Test
    void aMessageHiddenByAFaceCannotBeUsed() {
        assertThat(errorOf("""
                        file_to_generate: 'a.proto'
                        proto_file { name: 'a.proto' options { java_multiple_files: true } message_type { name: 'Client' }
                          service { name: 'S' method { name: 'Call' input_type: '.Client' output_type: '.Client' } } }
                        """))
                .isEqualTo("the Java class Client of the message Client cannot be named where 'Client' already means a"
                        + " member of the generated class; give a.proto another java_package");
    }

    @Test
    void unknownOptionsAreIgnoredWithAWarning() {
        CodeGeneratorRequest request = Fixtures.request("helloworld/helloworld.proto").toBuilder()
                .setParameter("@generated=omit,, lite")
                .build();

        assertThat(Fixtures.sources(generator.generate(request))).hasSize(1);
        assertThat(warnings)
                .containsExactly(
                        "ignoring the unknown option '@generated=omit': this plugin has no options",
                        "ignoring the unknown option 'lite': this plugin has no options");
    }

    @Test
    void noMangledRequestEndsInAnException() {
        Random random = new Random(20);
        byte[] sound = Fixtures.request("comments.proto", "edition2024.proto").toByteArray();
        int understood = 0;
        for (int attempt = 0; attempt < 500; attempt++) {
            byte[] mangled = sound.clone();
            for (int i = 0; i <= attempt % 4; i++) {
                mangled[random.nextInt(mangled.length)] = (byte) random.nextInt(256);
            }
            try {
                CodeGeneratorRequest request = CodeGeneratorRequest.parseFrom(mangled);
                CodeGeneratorResponse response = generator.generate(request);
                assertThat(response.getFileCount() == 0 || response.getError().isEmpty())
                        .isTrue();
                understood++;
            } catch (InvalidProtocolBufferException e) {
                // Main's business.
            }
        }
        assertThat(understood).isGreaterThan(100);
    }

    private String errorOf(String request) {
        try {
            return errorOf(TextFormat.parse(request, CodeGeneratorRequest.class));
        } catch (TextFormat.ParseException e) {
            throw new AssertionError(e);
        }
    }

    private String errorOf(CodeGeneratorRequest request) {
        CodeGeneratorResponse response = generator.generate(request);
        assertThat(response.getFileList()).isEmpty();
        return response.getError();
    }
}
