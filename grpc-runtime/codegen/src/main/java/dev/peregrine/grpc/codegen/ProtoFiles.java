// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The request's files, linked: every type name resolved to its declaration.
 *
 * @param all every file of the request, imports before those who import them
 * @param toGenerate those that protoc was asked to compile, in the order of its command line
 */
record ProtoFiles(Collection<FileDescriptor> all, List<FileDescriptor> toGenerate) {

    /** @throws BadRequestException if a file, an import or a type is missing */
    static ProtoFiles of(CodeGeneratorRequest request) {
        if (request.getFileToGenerateCount() == 0) {
            throw new BadRequestException(
                    "the request names no file to generate; this program is a protoc plugin and is started by protoc");
        }
        Map<String, FileDescriptor> linked = new LinkedHashMap<>();
        for (FileDescriptorProto proto : request.getProtoFileList()) {
            linked.put(proto.getName(), link(proto, linked));
        }
        List<FileDescriptor> toGenerate = request.getFileToGenerateList().stream()
                .map(name -> require(linked, name, "protoc asked for code from " + name))
                .toList();
        return new ProtoFiles(linked.values(), toGenerate);
    }

    private static FileDescriptor link(FileDescriptorProto proto, Map<String, FileDescriptor> earlier) {
        FileDescriptor[] imports = proto.getDependencyList().stream()
                .map(name -> require(earlier, name, proto.getName() + " imports " + name))
                .toArray(FileDescriptor[]::new);
        try {
            return FileDescriptor.buildFrom(proto, imports);
        } catch (DescriptorValidationException | IllegalArgumentException e) {
            throw new BadRequestException("cannot understand " + proto.getName() + ": " + e.getMessage());
        }
    }

    /** plugin.proto: "proto_file will contain all files in files_to_generate and everything they import", in order. */
    private static FileDescriptor require(Map<String, FileDescriptor> files, String name, String why) {
        FileDescriptor file = files.get(name);
        if (file == null) {
            throw new BadRequestException(
                    why + ", which the request does not hold (before its first use); it holds " + files.keySet());
        }
        return file;
    }
}
