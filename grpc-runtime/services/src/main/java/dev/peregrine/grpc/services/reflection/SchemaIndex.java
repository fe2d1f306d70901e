// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.reflection;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is declared in some files and in all they import, by name. Of two files with the same path the first one counts. */
final class SchemaIndex {

    private final Map<String, FileDescriptor> files = new HashMap<>();
    private final Map<String, FileDescriptor> symbols = new HashMap<>();
    private final Map<String, SortedMap<Integer, FileDescriptor>> extensions = new HashMap<>();

    SchemaIndex(Collection<FileDescriptor> files) {
        files.forEach(this::add);
    }

    @Nullable
    FileDescriptor file(String path) {
        return files.get(path);
    }

    /** The file that declares a message, field, oneof, enum, enum value, service, method or extension of this full name. */
    @Nullable
    FileDescriptor declaring(String symbol) {
        return symbols.get(symbol);
    }

    @Nullable
    FileDescriptor declaringExtension(String message, int number) {
        return extensions.getOrDefault(message, new TreeMap<>()).get(number);
    }

    /** In ascending order; null if no such message is known. */
    @Nullable
    Set<Integer> extensionNumbers(String message) {
        SortedMap<Integer, FileDescriptor> known = extensions.get(message);
        if (known != null) {
            return known.keySet();
        }
        FileDescriptor file = symbols.get(message);
        return file != null && isMessage(file, message) ? Set.of() : null;
    }

    private static boolean isMessage(FileDescriptor file, String name) {
        return file.getMessageTypes().stream().anyMatch(message -> isOrHolds(message, name));
    }

    private static boolean isOrHolds(Descriptor message, String name) {
        return message.getFullName().equals(name)
                || message.getNestedTypes().stream().anyMatch(nested -> isOrHolds(nested, name));
    }

    private void add(FileDescriptor file) {
        if (files.putIfAbsent(file.getFullName(), file) != null) {
            return;
        }
        file.getDependencies().forEach(this::add);
        file.getMessageTypes().forEach(this::add);
        file.getEnumTypes().forEach(this::add);
        file.getExtensions().forEach(this::addExtension);
        for (ServiceDescriptor service : file.getServices()) {
            symbol(service);
            service.getMethods().forEach(this::symbol);
        }
    }

    private void add(Descriptor message) {
        symbol(message);
        message.getFields().forEach(this::symbol);
        message.getOneofs().forEach(this::symbol);
        message.getNestedTypes().forEach(this::add);
        message.getEnumTypes().forEach(this::add);
        message.getExtensions().forEach(this::addExtension);
    }

    /** The values of an enum are its siblings in protobuf's scoping; protobuf-java names them as if they were its children. */
    private void add(EnumDescriptor enumType) {
        symbol(enumType);
        String name = enumType.getFullName();
        String scope = name.substring(0, name.length() - enumType.getName().length());
        for (EnumValueDescriptor value : enumType.getValues()) {
            symbols.putIfAbsent(scope + value.getName(), enumType.getFile());
        }
    }

    private void addExtension(FieldDescriptor extension) {
        symbol(extension);
        extensions
                .computeIfAbsent(extension.getContainingType().getFullName(), message -> new TreeMap<>())
                .putIfAbsent(extension.getNumber(), extension.getFile());
    }

    private void symbol(GenericDescriptor declared) {
        symbols.putIfAbsent(declared.getFullName(), declared.getFile());
    }
}
