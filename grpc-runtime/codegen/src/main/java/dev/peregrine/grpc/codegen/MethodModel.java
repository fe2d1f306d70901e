// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

/**
 * What there is to say about one method.
 *
 * @param protoName as the {@code .proto} file spells it
 * @param javaName the name of the Java method in every face
 * @param constant the name of the descriptor's constant
 * @param requestType a qualified Java class name
 * @param responseType a qualified Java class name
 * @param comment plain text, may be empty
 */
record MethodModel(
        String protoName,
        String javaName,
        String constant,
        CallShape shape,
        String requestType,
        String responseType,
        String comment,
        boolean deprecated) {}
