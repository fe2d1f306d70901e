// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.reflection;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.reflection.v1.ErrorResponse;
import dev.peregrine.grpc.reflection.v1.ExtensionNumberResponse;
import dev.peregrine.grpc.reflection.v1.ExtensionRequest;
import dev.peregrine.grpc.reflection.v1.FileDescriptorResponse;
import dev.peregrine.grpc.reflection.v1.ListServiceResponse;
import dev.peregrine.grpc.reflection.v1.ServerReflectionRequest;
import dev.peregrine.grpc.reflection.v1.ServerReflectionResponse;
import dev.peregrine.grpc.reflection.v1.ServiceResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One stream of questions and answers; remembers which files the caller has been sent. For one thread at a time. */
final class Conversation {

    /** Longer than names are; what is longer is no name. */
    private static final int MAX_QUOTED = 256;

    private final List<String> services;
    private final SchemaIndex schemas;
    private final Set<String> sent = new HashSet<>();

    Conversation(List<String> services, SchemaIndex schemas) {
        this.services = services;
        this.schemas = schemas;
    }

    ServerReflectionResponse answer(ServerReflectionRequest request) {
        ServerReflectionResponse.Builder answer = ServerReflectionResponse.newBuilder()
                .setValidHost(request.getHost())
                .setOriginalRequest(request);
        switch (request.getMessageRequestCase()) {
            case LIST_SERVICES -> answer.setListServicesResponse(list());
            case FILE_BY_FILENAME ->
                file(answer, schemas.file(request.getFileByFilename()), "file " + quoted(request.getFileByFilename()));
            case FILE_CONTAINING_SYMBOL ->
                file(
                        answer,
                        schemas.declaring(request.getFileContainingSymbol()),
                        "symbol " + quoted(request.getFileContainingSymbol()));
            case FILE_CONTAINING_EXTENSION -> {
                ExtensionRequest wanted = request.getFileContainingExtension();
                file(
                        answer,
                        schemas.declaringExtension(wanted.getContainingType(), wanted.getExtensionNumber()),
                        "extension " + wanted.getExtensionNumber() + " of " + quoted(wanted.getContainingType()));
            }
            case ALL_EXTENSION_NUMBERS_OF_TYPE -> numbers(answer, request.getAllExtensionNumbersOfType());
            case MESSAGEREQUEST_NOT_SET ->
                answer.setErrorResponse(
                        error(StatusCode.INVALID_ARGUMENT, "the request asks for nothing this server understands"));
        }
        return answer.build();
    }

    private ListServiceResponse list() {
        ListServiceResponse.Builder list = ListServiceResponse.newBuilder();
        for (String service : services) {
            list.addService(ServiceResponse.newBuilder().setName(service));
        }
        return list.build();
    }

    private void numbers(ServerReflectionResponse.Builder answer, String message) {
        Set<Integer> numbers = schemas.extensionNumbers(message);
        if (numbers == null) {
            answer.setErrorResponse(unknown("message " + quoted(message)));
        } else {
            answer.setAllExtensionNumbersResponse(ExtensionNumberResponse.newBuilder()
                    .setBaseTypeName(message)
                    .addAllExtensionNumber(numbers));
        }
    }

    private void file(ServerReflectionResponse.Builder answer, @Nullable FileDescriptor file, String wanted) {
        if (file == null) {
            answer.setErrorResponse(unknown(wanted));
        } else {
            answer.setFileDescriptorResponse(withImports(file));
        }
    }

    /** The file itself in any case, and of what it imports what this stream has not carried yet. */
    private FileDescriptorResponse withImports(FileDescriptor file) {
        FileDescriptorResponse.Builder response = FileDescriptorResponse.newBuilder();
        Set<String> seen = new HashSet<>();
        Deque<FileDescriptor> unvisited = new ArrayDeque<>(List.of(file));
        for (FileDescriptor next = unvisited.poll(); next != null; next = unvisited.poll()) {
            if (!seen.add(next.getFullName())) {
                continue;
            }
            if (sent.add(next.getFullName()) || next == file) {
                response.addFileDescriptorProto(next.toProto().toByteString());
            }
            unvisited.addAll(next.getDependencies());
        }
        return response.build();
    }

    /** What the caller asked for; the answer carries all of it already. */
    private static String quoted(String text) {
        return "'" + (text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "...") + "'";
    }

    private static ErrorResponse unknown(String what) {
        return error(StatusCode.NOT_FOUND, "this server knows no " + what);
    }

    private static ErrorResponse error(StatusCode code, String message) {
        return ErrorResponse.newBuilder()
                .setErrorCode(code.value())
                .setErrorMessage(message)
                .build();
    }
}
