// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse.Feature;
import java.util.Objects;
import java.util.function.Consumer;

/** Request in, response out; the only side effect is a warning. Never throws for what a request may hold. */
final class Generator {

    /** The newest edition whose Java naming rules the protobuf-java we are built with knows. */
    private static final Edition NEWEST_EDITION = Edition.EDITION_2024;

    private final Consumer<String> warnings;

    Generator(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    CodeGeneratorResponse generate(CodeGeneratorRequest request) {
        warnAboutOptions(request.getParameter());
        try {
            return files(request);
        } catch (BadRequestException e) {
            return failure(Objects.requireNonNull(e.getMessage()));
        }
    }

    /** A response that makes protoc print the error and fail. */
    static CodeGeneratorResponse failure(String error) {
        return response().setError(error).build();
    }

    private static CodeGeneratorResponse files(CodeGeneratorRequest request) {
        ProtoFiles protos = ProtoFiles.of(request);
        ClassNames classNames = new ClassNames(protos.all());
        CodeGeneratorResponse.Builder response = response();
        for (FileDescriptor file : protos.toGenerate()) {
            Comments comments = Comments.of(file);
            for (ServiceDescriptor service : file.getServices()) {
                ServiceModel model = ServiceModel.of(service, classNames.claim(service), comments);
                response.addFileBuilder().setName(model.path()).setContent(ServiceSource.of(model));
            }
        }
        return response.build();
    }

    /** protoc refuses the files of a plugin that does not say which editions and features it understands. */
    private static CodeGeneratorResponse.Builder response() {
        return CodeGeneratorResponse.newBuilder()
                .setSupportedFeatures(Feature.FEATURE_PROTO3_OPTIONAL_VALUE | Feature.FEATURE_SUPPORTS_EDITIONS_VALUE)
                .setMinimumEdition(Edition.EDITION_PROTO2_VALUE)
                .setMaximumEdition(NEWEST_EDITION.getNumber());
    }

    /**
     * We have no options. Builds hand us other plugins' all the same: a parent POM that configures grpc-java's plugin has
     * its {@code @generated=omit} merged into ours. That is worth a word, not a failed build.
     */
    private void warnAboutOptions(String parameter) {
        for (String option : parameter.split(",")) {
            if (!option.isBlank()) {
                warnings.accept("ignoring the unknown option '" + option.strip() + "': this plugin has no options");
            }
        }
    }
}
