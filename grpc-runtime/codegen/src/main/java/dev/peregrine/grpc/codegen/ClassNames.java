// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.GeneratorNames;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.lang.model.SourceVersion;

/**
 * Chooses the class name of each service: its own name, or, if a class could not have that name, its name with
 * {@code Grpc} behind it. That is so if protoc's own Java output has a top-level class of that name in the same Java
 * package, if the service is called like one of the types nested in its class, and if Java forbids the name.
 */
final class ClassNames {

    /** Words that are no keywords and still cannot name a type (JLS 3.9, TypeIdentifier). */
    private static final Set<String> NOT_FOR_TYPES = Set.of("permits", "record", "sealed", "var", "yield");

    private final Set<String> taken = new HashSet<>();
    private final Map<String, ServiceDescriptor> claimed = new HashMap<>();

    /** @param files all files whose Java classes may meet the services' in one package */
    ClassNames(Collection<FileDescriptor> files) {
        files.forEach(this::takeNamesOf);
    }

    /**
     * The simple class name of the service.
     *
     * @throws BadRequestException if another service has the same class name
     */
    String claim(ServiceDescriptor service) {
        String javaPackage = GeneratorNames.getFileJavaPackage(service.getFile());
        String name = service.getName();
        if (isForbidden(name) || taken.contains(qualified(javaPackage, name))) {
            name += "Grpc";
        }
        while (taken.contains(qualified(javaPackage, name))) {
            name += '_';
        }
        ServiceDescriptor other = claimed.putIfAbsent(qualified(javaPackage, name), service);
        if (other != null) {
            throw new BadRequestException("services " + other.getFullName() + " ("
                    + other.getFile().getName() + ") and "
                    + service.getFullName() + " (" + service.getFile().getName() + ") would both become the Java class "
                    + qualified(javaPackage, name) + "; give one of the files another java_package");
        }
        return name;
    }

    private static boolean isForbidden(String name) {
        return FaceStyle.NESTED_TYPES.contains(name)
                || NOT_FOR_TYPES.contains(name)
                || SourceVersion.isKeyword(name, SourceVersion.RELEASE_17);
    }

    /** Nested classes are taken too, which does no harm: no service's name has a dot. */
    private void takeNamesOf(FileDescriptor file) {
        taken.add(qualified(GeneratorNames.getFileJavaPackage(file), GeneratorNames.getFileClassName(file)));
        for (Descriptor message : file.getMessageTypes()) {
            taken.add(GeneratorNames.getQualifiedClassName(message));
            taken.add(GeneratorNames.getQualifiedClassName(message) + "OrBuilder");
        }
        for (EnumDescriptor enumType : file.getEnumTypes()) {
            taken.add(GeneratorNames.getQualifiedClassName(enumType));
        }
        if (file.getOptions().getJavaGenericServices()) {
            for (ServiceDescriptor service : file.getServices()) {
                taken.add(GeneratorNames.getQualifiedClassName(service));
            }
        }
    }

    private static String qualified(String javaPackage, String name) {
        return javaPackage.isEmpty() ? name : javaPackage + '.' + name;
    }
}
