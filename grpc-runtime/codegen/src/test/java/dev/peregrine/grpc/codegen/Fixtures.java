// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The fixtures as protoc describes them to a plugin, and what the generator makes of them. */
final class Fixtures {

    private static final FileDescriptorSet ALL = read(Path.of("target", "fixtures.binpb"));

    private Fixtures() {}

    /** The files of {@code src/test/protobuf}. */
    static List<String> names() {
        return ALL.getFileList().stream()
                .map(FileDescriptorProto::getName)
                .filter(name -> !name.startsWith("google/"))
                .toList();
    }

    static CodeGeneratorRequest request(List<String> filesToGenerate) {
        return CodeGeneratorRequest.newBuilder()
                .addAllFileToGenerate(filesToGenerate)
                .addAllProtoFile(ALL.getFileList())
                .build();
    }

    static CodeGeneratorRequest request(String... filesToGenerate) {
        return request(List.of(filesToGenerate));
    }

    /** The generated sources by path. */
    static Map<String, String> generate(List<String> files) {
        return sources(new Generator(warning -> {}).generate(request(files)));
    }

    static Map<String, String> generate(String... files) {
        return generate(List.of(files));
    }

    static Map<String, String> sources(CodeGeneratorResponse response) {
        assertThat(response.getError()).isEmpty();
        return response.getFileList().stream().collect(Collectors.toMap(File::getName, File::getContent));
    }

    private static FileDescriptorSet read(Path path) {
        try {
            return FileDescriptorSet.parseFrom(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
