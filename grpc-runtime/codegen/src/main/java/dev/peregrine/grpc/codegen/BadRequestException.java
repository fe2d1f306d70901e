// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

/** The {@code .proto} files cannot become Java. The message goes to the user through protoc, without a stack trace. */
final class BadRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message);
    }
}
