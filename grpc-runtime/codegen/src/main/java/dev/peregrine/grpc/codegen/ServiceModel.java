// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.GeneratorNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What there is to say about one service, with every name decided.
 *
 * @param protoFile the file that declares it
 * @param javaPackage empty for the unnamed package
 * @param fullName as it is on the wire
 * @param comment plain text, may be empty
 * @param fileClass the class that knows the file's descriptor, qualified
 * @param usesDeprecated whether a class in use is deprecated, which the compiler would report
 */
record ServiceModel(
        String protoFile,
        String javaPackage,
        String className,
        String fullName,
        String fileClass,
        String comment,
        boolean deprecated,
        boolean usesDeprecated,
        List<MethodModel> methods) {

    /** Constants that every service has. */
    private static final Set<String> CONSTANTS = Set.of("NAME", "DESCRIPTOR");

    /**
     * What the faces inherit, from {@code Object}, {@code BindableService} and {@code ClientStub}. Reserved whatever the
     * parameters: a method has the same name in all faces, and no face should have to overload one of these.
     * {@code yield} is no keyword, but cannot be called without a qualifier (JLS 14.21).
     */
    private static final Set<String> INHERITED = Set.of(
            "clone",
            "equals",
            "finalize",
            "getClass",
            "hashCode",
            "notify",
            "notifyAll",
            "toString",
            "wait",
            "bind",
            "callOptions",
            "withCallOptions",
            "withCompression",
            "withDeadline",
            "withDeadlineAfter",
            "withInterceptors",
            "withMetadata",
            "withWaitForReady",
            "yield");

    static ServiceModel of(ServiceDescriptor service, String className, Comments comments) {
        String javaPackage = GeneratorNames.getFileJavaPackage(service.getFile());
        List<String> constants = constants(service.getMethods());
        TypeNames types = types(javaPackage, constants);
        boolean fileDeprecated = service.getFile().getOptions().getDeprecated();
        return new ServiceModel(
                service.getFile().getName(),
                javaPackage,
                className,
                service.getFullName(),
                types.of(service.getFile()),
                comments.on(service),
                service.getOptions().getDeprecated() || fileDeprecated,
                fileDeprecated
                        || service.getMethods().stream()
                                .flatMap(method -> Stream.of(method.getInputType(), method.getOutputType()))
                                .anyMatch(TypeNames::isDeprecated),
                methods(service.getMethods(), constants, types, comments));
    }

    private static List<String> constants(List<MethodDescriptor> methods) {
        Names names = new Names(CONSTANTS);
        return methods.stream()
                .map(method -> names.claim(Names.upperSnake(method.getName())))
                .toList();
    }

    private static TypeNames types(String javaPackage, List<String> constants) {
        Set<String> members = new HashSet<>(FaceStyle.NESTED_TYPES);
        members.addAll(CONSTANTS);
        members.addAll(constants);
        return new TypeNames(javaPackage, members);
    }

    private static List<MethodModel> methods(
            List<MethodDescriptor> methods, List<String> constants, TypeNames types, Comments comments) {
        Names javaNames = new Names(INHERITED);
        return methods.stream()
                .map(method -> new MethodModel(
                        method.getName(),
                        javaNames.claim(Names.lowerCamel(method.getName())),
                        constants.get(method.getIndex()),
                        CallShape.of(method),
                        types.of(method.getInputType()),
                        types.of(method.getOutputType()),
                        comments.on(method),
                        method.getOptions().getDeprecated()))
                .toList();
    }

    /** Where the Java file belongs below a source folder. */
    String path() {
        String folder = javaPackage.isEmpty() ? "" : javaPackage.replace('.', '/') + '/';
        return folder + className + ".java";
    }
}
