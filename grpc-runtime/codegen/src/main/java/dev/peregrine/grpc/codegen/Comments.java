// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the author of a {@code .proto} file wrote about its services and methods: the comment above, then the comment
 * behind. Comments detached by a blank line are licences and headings, and belong to nobody.
 */
final class Comments {

    private final Map<List<Integer>, Location> byPath;

    private Comments(Map<List<Integer>, Location> byPath) {
        this.byPath = byPath;
    }

    static Comments of(FileDescriptor file) {
        Map<List<Integer>, Location> byPath = new HashMap<>();
        for (Location location : file.toProto().getSourceCodeInfo().getLocationList()) {
            byPath.putIfAbsent(location.getPathList(), location);
        }
        return new Comments(byPath);
    }

    /** The text, empty if there is none. */
    String on(ServiceDescriptor service) {
        return at(List.of(FileDescriptorProto.SERVICE_FIELD_NUMBER, service.getIndex()));
    }

    /** The text, empty if there is none. */
    String on(MethodDescriptor method) {
        return at(List.of(
                FileDescriptorProto.SERVICE_FIELD_NUMBER,
                method.getService().getIndex(),
                ServiceDescriptorProto.METHOD_FIELD_NUMBER,
                method.getIndex()));
    }

    private String at(List<Integer> path) {
        Location location = byPath.getOrDefault(path, Location.getDefaultInstance());
        return Stream.of(location.getLeadingComments(), location.getTrailingComments())
                .filter(comment -> !comment.isBlank())
                .collect(Collectors.joining("\n\n"));
    }
}
