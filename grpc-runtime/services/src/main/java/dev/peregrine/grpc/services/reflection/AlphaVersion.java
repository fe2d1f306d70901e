// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.reflection;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;

/** Reflection as older tools know it: the same protocol under the package it had before it was version 1. */
final class AlphaVersion {

    private static final String V1 = "grpc.reflection.v1";
    private static final String ALPHA = "grpc.reflection.v1alpha";

    private AlphaVersion() {}

    static String nameOf(String v1Name) {
        return v1Name.replace(V1 + '.', ALPHA + '.');
    }

    /** The schema of version 1 with every name moved to the older package. */
    static FileDescriptor of(FileDescriptor v1) {
        FileDescriptorProto.Builder file = v1.toProto().toBuilder()
                .setPackage(ALPHA)
                .setName(v1.getName().replace("/v1/", "/v1alpha/"))
                .clearOptions();
        for (DescriptorProto.Builder message : file.getMessageTypeBuilderList()) {
            for (FieldDescriptorProto.Builder field : message.getFieldBuilderList()) {
                if (field.hasTypeName()) {
                    field.setTypeName(nameOf(field.getTypeName()));
                }
            }
        }
        for (MethodDescriptorProto.Builder method : file.getServiceBuilder(0).getMethodBuilderList()) {
            method.setInputType(nameOf(method.getInputType())).setOutputType(nameOf(method.getOutputType()));
        }
        try {
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
        } catch (DescriptorValidationException impossible) {
            throw new IllegalStateException("reflection's own schema cannot be renamed", impossible);
        }
    }
}
