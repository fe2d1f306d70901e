// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import com.google.protobuf.Descriptors.MethodDescriptor;

/**
 * The four kinds of call, and how each looks in Java. In the signatures {@code {m}} stands for the method's name,
 * {@code {Q}} for the request's type and {@code {R}} for the response's.
 */
enum CallShape {
    UNARY(
            "unary",
            "{R} {m}({Q} request)",
            "{R} {m}({Q} request)",
            "java.util.concurrent.CompletionStage<{R}> {m}({Q} request)",
            ", request",
            ", request"),
    SERVER_STREAMING(
            "serverStreaming",
            "void {m}({Q} request, dev.peregrine.grpc.stub.ResponseWriter<{R}> responses)",
            "dev.peregrine.grpc.stub.ServerStreamingCall<{R}> {m}({Q} request)",
            "java.util.concurrent.Flow.Publisher<{R}> {m}({Q} request)",
            ", request",
            ", request"),
    CLIENT_STREAMING(
            "clientStreaming",
            "{R} {m}(dev.peregrine.grpc.stub.RequestReader<{Q}> requests)",
            "dev.peregrine.grpc.stub.ClientStreamingCall<{Q}, {R}> {m}()",
            "java.util.concurrent.CompletionStage<{R}> {m}(java.util.concurrent.Flow.Publisher<{Q}> requests)",
            "",
            ", requests"),
    BIDI_STREAMING(
            "bidiStreaming",
            "void {m}(dev.peregrine.grpc.stub.RequestReader<{Q}> requests,"
                    + " dev.peregrine.grpc.stub.ResponseWriter<{R}> responses)",
            "dev.peregrine.grpc.stub.BidiStreamingCall<{Q}, {R}> {m}()",
            "java.util.concurrent.Flow.Publisher<{R}> {m}(java.util.concurrent.Flow.Publisher<{Q}> requests)",
            "",
            ", requests");

    private final String runtimeName;
    private final String blockingService;
    private final String blockingClient;
    private final String async;
    private final String blockingArguments;
    private final String asyncArguments;

    CallShape(
            String runtimeName,
            String blockingService,
            String blockingClient,
            String async,
            String blockingArguments,
            String asyncArguments) {
        this.runtimeName = runtimeName;
        this.blockingService = blockingService;
        this.blockingClient = blockingClient;
        this.async = async;
        this.blockingArguments = blockingArguments;
        this.asyncArguments = asyncArguments;
    }

    static CallShape of(MethodDescriptor method) {
        if (method.isClientStreaming()) {
            return method.isServerStreaming() ? BIDI_STREAMING : CLIENT_STREAMING;
        }
        return method.isServerStreaming() ? SERVER_STREAMING : UNARY;
    }

    /** What the runtime calls this kind of call: a method of its client calls and of its service binding. */
    String runtimeName() {
        return runtimeName;
    }

    /** The signature that a server implements. */
    String serviceSignature(FaceStyle style, MethodModel method) {
        return fill(style == FaceStyle.BLOCKING ? blockingService : async, method);
    }

    /** The signature that a client calls. Asynchronously it is the one that a server implements. */
    String clientSignature(FaceStyle style, MethodModel method) {
        return fill(style == FaceStyle.BLOCKING ? blockingClient : async, method);
    }

    /** How {@link #clientSignature}'s parameters are passed on, behind other arguments. */
    String clientArguments(FaceStyle style) {
        return style == FaceStyle.BLOCKING ? blockingArguments : asyncArguments;
    }

    private static String fill(String signature, MethodModel method) {
        return signature
                .replace("{m}", method.javaName())
                .replace("{Q}", method.requestType())
                .replace("{R}", method.responseType());
    }
}
