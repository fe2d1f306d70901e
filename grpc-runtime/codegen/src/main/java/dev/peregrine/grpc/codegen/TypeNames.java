// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.GeneratorNames;
import java.util.Set;

/**
 * Finds the qualified name of a message's Java class. protobuf-java knows protoc's rules ({@code java_package},
 * {@code java_multiple_files}, {@code java_outer_classname} and its default, {@code nest_in_file_class}); what is left to us
 * is to notice the few places where Java has no way to write that name.
 */
final class TypeNames {

    private final String javaPackage;
    private final Set<String> hidingNames;

    /**
     * @param javaPackage where the names are going to be written
     * @param hidingNames the members of the class they are written in: a qualified name that starts with one of them means
     *     that member (JLS 6.4.2, obscuring)
     */
    TypeNames(String javaPackage, Set<String> hidingNames) {
        this.javaPackage = javaPackage;
        this.hidingNames = hidingNames;
    }

    /** @throws BadRequestException if the class cannot be named here */
    String of(Descriptor message) {
        String file = message.getFile().getName();
        if (GeneratorNames.getFileJavaPackage(message.getFile()).isEmpty() && !javaPackage.isEmpty()) {
            throw new BadRequestException("the message " + message.getFullName() + " of " + file
                    + " is in Java's unnamed package and cannot be used from the package " + javaPackage
                    + "; give " + file + " a java_package");
        }
        return visible(GeneratorNames.getQualifiedClassName(message), " of the message " + message.getFullName(), file);
    }

    /**
     * The class that knows the descriptor of a file.
     *
     * @throws BadRequestException if the class cannot be named here
     */
    String of(FileDescriptor file) {
        String name = GeneratorNames.getFileClassName(file);
        return visible(javaPackage.isEmpty() ? name : javaPackage + '.' + name, "", file.getName());
    }

    private String visible(String name, String what, String file) {
        String first = name.substring(0, (name + '.').indexOf('.'));
        if (hidingNames.contains(first)) {
            throw new BadRequestException("the Java class " + name + what + " cannot be named where '" + first
                    + "' already means a member of the generated class; give "
                    + file
                    + " another java_package");
        }
        return name;
    }

    /** Whether writing the name of the message's class makes the compiler warn. A file's class is marked with its file. */
    static boolean isDeprecated(Descriptor message) {
        if (message.getFile().getOptions().getDeprecated() && GeneratorNames.getNestInFileClass(message)) {
            return true;
        }
        for (Descriptor type = message; type != null; type = type.getContainingType()) {
            if (type.getOptions().getDeprecated()) {
                return true;
            }
        }
        return false;
    }
}
